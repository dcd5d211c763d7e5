namespace CatchUp.Dashboard.Parameters;

/// <summary>What is chosen on one axis: a stretch of numbers, either end open, or some categories.</summary>
/// <param name="Axis">Its id.</param>
/// <param name="Categories">Null on axes of numbers.</param>
public sealed record BrushPart(string Axis, double? From, double? To, IReadOnlyList<string>? Categories)
{
    /// <summary>Whether a run at this place is chosen. What has no number is in no stretch.</summary>
    public bool Holds(ParameterAxis axis, double place)
    {
        ArgumentNullException.ThrowIfNull(axis);
        return Categories is null
            ? axis.Kind != AxisKind.Categories && place >= (From ?? double.NegativeInfinity) && place <= (To ?? double.PositiveInfinity)
            : Categories.Contains(axis.TextOf(place));
    }
}
