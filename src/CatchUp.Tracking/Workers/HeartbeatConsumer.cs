using CatchUp.Contracts.Workers;
using MassTransit;

namespace CatchUp.Tracking.Workers;

internal sealed class HeartbeatConsumer(Heartbeats heartbeats) : IConsumer<Heartbeat>
{
    public async Task Consume(ConsumeContext<Heartbeat> context)
        => await context.RespondAsync(await heartbeats.ReceiveAsync(context.Message, context.CancellationToken));
}
