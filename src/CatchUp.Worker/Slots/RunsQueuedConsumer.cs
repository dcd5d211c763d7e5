using CatchUp.Contracts.Runs;
using MassTransit;

namespace CatchUp.Worker.Slots;

/// <summary>There may be work: free slots ask at once instead of at their next turn.</summary>
internal sealed class RunsQueuedConsumer(SlotBoard slots) : IConsumer<RunsQueued>
{
    public Task Consume(ConsumeContext<RunsQueued> context)
    {
        slots.WakeAll();
        return Task.CompletedTask;
    }
}
