namespace CatchUp.Dashboard.Charts;

/// <summary>One line of the FID–NFE chart: all its points have the same protocol.</summary>
public sealed record FidLine(string Key, string Label, SeriesStyle Style, IReadOnlyList<FidPoint> Points)
{
    /// <summary>The <see cref="FidSubject"/> it is of.</summary>
    public string Subject { get; init; } = "";

    /// <summary>One of too many to be told apart: drawn faintly and without its name, which the pointer shows.</summary>
    public bool Faint { get; init; }

    public FidPoint? At(int nfe) => Points.FirstOrDefault(point => point.Nfe == nfe);
}
