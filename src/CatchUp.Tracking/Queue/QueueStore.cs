namespace CatchUp.Tracking.Queue;

/// <summary>Reads the queue. Claims and leases are beside it.</summary>
public sealed class QueueStore
{
    public Task<Page<QueueEntry>> ListAsync(int offset, int limit, CancellationToken cancellation) => throw new NotImplementedException();
}
