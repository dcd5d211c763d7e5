namespace CatchUp.Tracking.Runs;

/// <summary>Reads runs and takes commands for them. Every method is one complete operation.</summary>
public sealed class RunStore
{
    public Task<Page<RunSummary>> ListAsync(RunQuery query, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<RunDetails?> FindAsync(long run, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>The run's history, oldest first.</summary>
    public Task<IReadOnlyList<RunEvent>> EventsAsync(long run, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>The last lines of the run's log, oldest first; only those after <paramref name="after"/>.</summary>
    public Task<IReadOnlyList<LogLine>> LogAsync(long run, long after, int limit, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<IReadOnlyList<CheckpointSummary>> CheckpointsAsync(long run, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<CommandOutcome> PauseAsync(long run, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<CommandOutcome> ResumeAsync(long run, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<CommandOutcome> CancelAsync(long run, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<CommandOutcome> RenameAsync(long run, string name, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<CommandOutcome> ArchiveAsync(long run, bool archived, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>What <see cref="DeleteAsync"/> would free.</summary>
    public Task<Deletion> PlanDeletionAsync(IReadOnlyList<long> runs, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Deletes the runs with their rows and the artifacts nothing else refers to. Running runs are refused.</summary>
    public Task<(CommandOutcome Outcome, Deletion Freed)> DeleteAsync(IReadOnlyList<long> runs, CancellationToken cancellation) => throw new NotImplementedException();
}
