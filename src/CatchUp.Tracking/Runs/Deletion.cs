namespace CatchUp.Tracking.Runs;

/// <summary>What deleting runs frees, or would free.</summary>
public sealed record Deletion(int Runs, int Evaluations, int SampleGrids, int Checkpoints, long Bytes);
