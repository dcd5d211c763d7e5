namespace CatchUp.Tracking.Workers;

public sealed class WorkerStore
{
    public Task<IReadOnlyList<WorkerSummary>> ListAsync(CancellationToken cancellation) => throw new NotImplementedException();
}
