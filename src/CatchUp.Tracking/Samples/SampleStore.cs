namespace CatchUp.Tracking.Samples;

public sealed class SampleStore
{
    /// <summary>The run's grids, by step, solver, NFE and head.</summary>
    public Task<IReadOnlyList<SampleGrid>> ListAsync(long run, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>The PNG of a grid; null when there is none of that id in that run. The caller disposes it.</summary>
    public Task<Stream?> OpenAsync(long run, long sample, CancellationToken cancellation) => throw new NotImplementedException();
}
