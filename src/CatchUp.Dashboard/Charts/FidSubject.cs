namespace CatchUp.Dashboard.Charts;

/// <summary>What a line of the FID–NFE chart is of: a run, or runs that are alike but for the seed.</summary>
/// <param name="Key">Tells it from the others, and stays while runs come and go.</param>
/// <param name="Runs">Each with the seed it was trained with.</param>
public sealed record FidSubject(string Key, string Label, SeriesStyle Style, IReadOnlyList<(long Id, int Seed)> Runs);
