namespace CatchUp.Tracking.Retention;

/// <summary>What a sweep's files take on the disk. Files that sweeps share are counted with each.</summary>
/// <param name="SweepId">Which.</param>
/// <param name="Name">The sweep's.</param>
/// <param name="Project">The sweep's.</param>
/// <param name="Policy">What is kept, in words.</param>
/// <param name="FromServer">The file says nothing, so the server's own policy holds.</param>
/// <param name="Checkpoints">Checkpoints and snapshots.</param>
/// <param name="CheckpointBytes">Theirs.</param>
/// <param name="SampleBytes">Of sample grids.</param>
/// <param name="Free">Checkpoints and snapshots that the policy lets go.</param>
/// <param name="FreeBytes">Theirs.</param>
public sealed record SweepStorage(long SweepId, string Name, string Project, string Policy, bool FromServer, int Checkpoints, long CheckpointBytes, long SampleBytes, int Free, long FreeBytes)
{
    public long Bytes => CheckpointBytes + SampleBytes;
}
