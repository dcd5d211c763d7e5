using CatchUp.Contracts.Workers;
using MassTransit;

namespace CatchUp.Worker.Slots;

/// <summary>Carries out at once what the next heartbeat's answer would say too.</summary>
internal sealed class AttemptOrderConsumer(SlotBoard slots, WorkerIdentity identity) : IConsumer<AttemptOrder>
{
    public Task Consume(ConsumeContext<AttemptOrder> context)
    {
        if (context.Message.Incarnation == identity.Incarnation)
        {
            slots.Execute(context.Message);
        }

        return Task.CompletedTask;
    }
}
