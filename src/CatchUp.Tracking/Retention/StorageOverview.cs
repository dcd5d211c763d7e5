namespace CatchUp.Tracking.Retention;

/// <summary>Where the disk goes, largest sweep first.</summary>
/// <param name="Policy">The server's own, in words.</param>
/// <param name="Bytes">Of all artifacts, each counted once.</param>
/// <param name="Sweeps">Those that have files.</param>
/// <param name="Plan">What the next look frees.</param>
public sealed record StorageOverview(string Policy, long Bytes, IReadOnlyList<SweepStorage> Sweeps, RetentionPlan Plan);
