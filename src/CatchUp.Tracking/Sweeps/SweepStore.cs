using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Sweeps;

/// <summary>Reads sweeps and takes commands for them. Submitting goes over the bus (<see cref="Contracts.Sweeps.SubmitSweep"/>).</summary>
public sealed class SweepStore
{
    public Task<Page<SweepSummary>> ListAsync(string? text, bool archived, int offset, int limit, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<SweepDetails?> FindAsync(long sweep, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<CommandOutcome> PauseAsync(long sweep, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<CommandOutcome> ResumeAsync(long sweep, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<CommandOutcome> CancelAsync(long sweep, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<CommandOutcome> RenameAsync(long sweep, string name, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<CommandOutcome> ArchiveAsync(long sweep, bool archived, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<Deletion> PlanDeletionAsync(long sweep, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<(CommandOutcome Outcome, Deletion Freed)> DeleteAsync(long sweep, CancellationToken cancellation) => throw new NotImplementedException();
}
