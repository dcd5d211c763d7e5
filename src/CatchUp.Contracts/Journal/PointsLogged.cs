namespace CatchUp.Contracts.Journal;

/// <summary>One point of each named metric at a step.</summary>
public sealed record PointsLogged : JournalEntry
{
    public int Step { get; init; }

    public long ImagesSeen { get; init; }

    /// <summary>Metric name → value; NaN and ±∞ are allowed and kept.</summary>
    public IReadOnlyDictionary<string, double> Values { get; init; } = new Dictionary<string, double>();
}
