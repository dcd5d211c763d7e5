using CatchUp.Statistics.Samples;

namespace CatchUp.Statistics.Comparisons;

/// <param name="Summary">Of the group's own runs, at the ranking's confidence.</param>
/// <param name="AgainstBest">
/// The best group (A) compared with this one (B), with an interval at the level at which Holm's step decided. Null for the best itself,
/// and for all where none is best.
/// </param>
/// <param name="AdjustedPValue">Holm's; null where nothing was tested.</param>
public sealed record RankedGroup(Replicates Group, SampleSummary Summary, Standing Standing, Comparison? AgainstBest, double? AdjustedPValue);
