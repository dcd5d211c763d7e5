using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Workers;
using MassTransit;

namespace CatchUp.Tracking.Queue;

internal sealed class RequestRunConsumer(RunQueue queue, WorkerAdmission admission) : IConsumer<RequestRun>
{
    public async Task Consume(ConsumeContext<RequestRun> context)
    {
        if (await admission.FindRefusalAsync(context.Message, context.CancellationToken) is { } refusal)
        {
            await context.RespondAsync(new NothingToDo { Reason = refusal });
            return;
        }

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
