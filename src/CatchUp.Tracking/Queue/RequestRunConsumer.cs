using CatchUp.Contracts.Workers;
using MassTransit;

namespace CatchUp.Tracking.Queue;

internal sealed class RequestRunConsumer(RunQueue queue) : IConsumer<RequestRun>
{
    public async Task Consume(ConsumeContext<RequestRun> context)
    {
        var claim = await queue.ClaimAsync(context.Message, context.CancellationToken);
        if (claim.Assigned is { } assigned)
        {
            await context.RespondAsync(assigned);
        }
        else
        {
            await context.RespondAsync(new NothingToDo { Reason = claim.Reason });
        }
    }
}
