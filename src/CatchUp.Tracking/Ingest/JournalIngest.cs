using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Sweeps;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.Extensions.Logging;

namespace CatchUp.Tracking.Ingest;

/// <summary>Stores journals: each entry once, in order, or not at all.</summary>
internal sealed class JournalIngest(TrackingDatabase database, ArtifactDirectory artifacts, TrackingNews news, TrackingOptions options, TimeProvider time, ILogger<JournalIngest> logger)
{
    /// <param name="Position">The attempt's stored position.</param>
    /// <param name="Superseded">Why nothing of this attempt is stored any more; null when all is well.</param>
    public sealed record Answer(long Position, string? Superseded = null);

    public async Task<Answer> StoreAsync(ShipJournal batch, CancellationToken cancellation)
    {
        var (answer, released, messages) = await database.WriteAsync(context => StoreAsync(context, batch, cancellation), cancellation);
        if (released.Count > 0)
        {
            await ReleasedArtifacts.DeleteAsync(database, artifacts, released, cancellation);
        }

        if (messages.Count > 0)
        {
            await news.PublishAsync(messages);
        }

        return answer;
    }

    private async Task<(Answer Answer, IReadOnlyList<string> Released, List<object> News)> StoreAsync(CatchUpContext context, ShipJournal batch, CancellationToken cancellation)
    {
        var attempt = await database.LockAttemptAsync(context, batch.RunId, batch.Attempt, cancellation);
        if (attempt is null)
        {
            return (new Answer(0, $"There is no attempt {batch.Attempt} of run {batch.RunId}."), [], []);
        }

        if (!attempt.Live)
        {
            // A journal that was stored to its end is asked about again when the answer was lost.
            return (attempt.EndedByJournal ? new Answer(attempt.Position) : new Answer(attempt.Position, $"Attempt {batch.Attempt} of run {batch.RunId} was ended: {attempt.Cause}"), [], []);
        }

        var entries = Next(batch.Entries, attempt.Position);
        if (entries.Count == 0)
        {
            return (new Answer(attempt.Position), [], []);
        }

        var run = await database.LockRunAsync(context, batch.RunId, cancellation) ?? throw new InvalidOperationException($"Attempt {batch.Attempt} has no run {batch.RunId}.");
        var before = run.State;
        var writing = new JournalWriting(context, database, artifacts, options, logger, run, attempt, time.GetUtcNow().UtcTicks);
        await writing.WriteAsync(entries, cancellation);

        var messages = new List<object> { new RunChanged { RunId = run.Id, SweepId = run.SweepId, StateChanged = run.State != before, DataArrived = writing.DataArrived, Evaluated = writing.Evaluated } };
        if (writing is { DataArrived: true, Subject: { } subject } && subject.Id != run.Id)
        {
            messages.Add(new RunChanged { RunId = subject.Id, SweepId = subject.SweepId, DataArrived = true, Evaluated = writing.Evaluated });
        }

        if (run.State != before)
        {
            messages.Add(new SweepChanged { SweepId = run.SweepId });
            messages.Add(new WorkersChanged { Incarnation = attempt.Incarnation });
            if (run.State == RunState.Queued)
            {
                messages.Add(new RunsQueued { Count = 1 });
            }
        }

        return (new Answer(attempt.Position), writing.Released, messages);
    }

    /// <summary>The entries that come next: what is stored already is passed over, and after a gap nothing counts. A batch too large is cut; the sender goes on from the answer.</summary>
    private List<JournalEntry> Next(IReadOnlyList<JournalEntry> batch, long position)
    {
        var entries = new List<JournalEntry>();
        var values = 0;
        foreach (var entry in batch)
        {
            if (entry.Number <= position)
            {
                continue;
            }

            values += entry is PointsLogged points ? points.Values.Count + 1 : 1;
            if (entry.Number != position + 1 || (values > options.MaximumBatchValues && entries.Count > 0))
            {
                break;
            }

            entries.Add(entry);
            position++;
            if (entry is AttemptEnded)
            {
                break;
            }
        }

        return entries;
    }
}
