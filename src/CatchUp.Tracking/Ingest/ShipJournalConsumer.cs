using CatchUp.Contracts.Workers;
using MassTransit;

namespace CatchUp.Tracking.Ingest;

internal sealed class ShipJournalConsumer(JournalIngest ingest) : IConsumer<ShipJournal>
{
    public async Task Consume(ConsumeContext<ShipJournal> context)
    {
        var answer = await ingest.StoreAsync(context.Message, context.CancellationToken);
        if (answer.Superseded is { } reason)
        {
            await context.RespondAsync(new AttemptSuperseded { Reason = reason });
        }
        else
        {
            await context.RespondAsync(new JournalStored { Position = answer.Position });
        }
    }
}
