namespace CatchUp.Tracking.Reproductions;

/// <param name="Step">When it was taken.</param>
/// <param name="LargestAbsolute">Largest distance of two weights; null where a file is gone, or the networks are unlike.</param>
/// <param name="Differing">Weights that differ; null as above.</param>
/// <param name="Weights">Weights in all; null as above.</param>
public sealed record ComparedSnapshot(int Step, string OriginalSha256, string ReproductionSha256, double? LargestAbsolute, long? Differing, long? Weights);
