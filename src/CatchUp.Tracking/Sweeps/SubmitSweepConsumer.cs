using CatchUp.Contracts.Sweeps;
using MassTransit;

namespace CatchUp.Tracking.Sweeps;

internal sealed class SubmitSweepConsumer(SweepIntake intake) : IConsumer<SubmitSweep>
{
    public async Task Consume(ConsumeContext<SubmitSweep> context)
    {
        var (accepted, refused) = await intake.SubmitAsync(context.Message, context.CancellationToken);
        if (accepted is not null)
        {
            await context.RespondAsync(accepted);
        }
        else
        {
            await context.RespondAsync(refused!);
        }
    }
}
