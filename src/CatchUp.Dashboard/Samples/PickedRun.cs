namespace CatchUp.Dashboard.Samples;

/// <summary>The run nearest to what sliders say.</summary>
/// <param name="Distance">0: it is exactly what they say.</param>
/// <param name="Differences">Where it is not, in words.</param>
/// <param name="Replicates">The runs of the same configuration, itself among them.</param>
public sealed record PickedRun(SampledRun Run, double Distance, IReadOnlyList<string> Differences, IReadOnlyList<SampledRun> Replicates);
