using CatchUp.Contracts.Workers;

namespace CatchUp.Tracking.Queue;

/// <summary>What a request for a run is answered.</summary>
/// <param name="Assigned">Null when there is nothing to do. It is put together beside the transaction, which does not wait for it.</param>
/// <param name="Reason">Why not, in a sentence.</param>
internal sealed record QueueAnswer(Task<RunAssigned>? Assigned, string? Reason)
{
    public static QueueAnswer Of(Assignment assignment, string specification) => new(Task.Run(() => assignment.ToAnswer(specification)), null);

    public static QueueAnswer Nothing(string reason) => new(null, reason);
}
