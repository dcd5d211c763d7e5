using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Sweeps;
using CatchUp.Contracts.Workers;
using MassTransit;

namespace CatchUp.Dashboard.Live;

/// <summary>Passes news from the bus to the pages of this process. Its queue is temporary and of this process alone.</summary>
internal sealed class NewsConsumer(ChangeFeed feed) : IConsumer<RunChanged>, IConsumer<SweepChanged>, IConsumer<WorkersChanged>
{
    public Task Consume(ConsumeContext<RunChanged> context)
    {
        feed.Publish(new Change(Run: context.Message));
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<SweepChanged> context)
    {
        feed.Publish(new Change(Sweep: context.Message));
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<WorkersChanged> context)
    {
        feed.Publish(new Change(Workers: context.Message));
        return Task.CompletedTask;
    }
}
