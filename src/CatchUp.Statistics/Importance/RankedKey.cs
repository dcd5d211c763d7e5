namespace CatchUp.Statistics.Importance;

/// <summary>A key in which chosen runs differ.</summary>
/// <param name="Amount">Mean over the explained differences of its contribution's amount, in the metric's unit.</param>
public sealed record RankedKey(string Key, double Amount);
