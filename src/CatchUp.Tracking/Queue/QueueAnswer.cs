using CatchUp.Contracts.Workers;

namespace CatchUp.Tracking.Queue;

/// <summary>What a request for a run is answered.</summary>
/// <param name="Assigned">Null when there is nothing to do. It is put together beside the transaction, which does not wait for it.</param>
/// <param name="Reason">Why not, in a sentence.</param>
internal sealed record QueueAnswer(Task<RunAssigned>? Assigned, string? Reason)
{
    /// <param name="assignment">What is answered.</param>
    /// <param name="specification">The run's, as JSON.</param>
    /// <param name="after">Put together after that, if given: those of one transaction take one thread and leave it the others.</param>
    public static QueueAnswer Of(Assignment assignment, string specification, Task? after = null) => new(
        after is null
            ? Task.Run(() => assignment.ToAnswer(specification))
            : after.ContinueWith(_ => assignment.ToAnswer(specification), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default),
        null);

    public static QueueAnswer Nothing(string reason) => new(null, reason);
}
