using CatchUp.Dashboard.Charts;

namespace CatchUp.Dashboard.Samples;

/// <summary>A run of a matrix.</summary>
/// <param name="Style">Its colour in the comparison; null where there is one run only.</param>
public sealed record MatrixRun(long Id, string Label, SeriesStyle? Style = null);
