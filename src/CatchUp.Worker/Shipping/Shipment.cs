using CatchUp.Contracts.Journal;
using CatchUp.Worker.Artifacts;
using CatchUp.Worker.Attempts;
using CatchUp.Worker.Journals;
using Microsoft.Extensions.Logging;

namespace CatchUp.Worker.Shipping;

/// <summary>
/// Brings one attempt's journal to the coordinator, in order, one batch at a time, each answered with the position that is stored.
/// After silence it asks for that position and goes on from there. The directory goes when the last entry and all its files are
/// stored, or when the attempt is superseded.
/// </summary>
internal sealed partial class Shipment
{
    private readonly AttemptDirectory directory;
    private readonly Coordinator coordinator;
    private readonly WorkerOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly JournalReader reader;
    private readonly ArtifactUploads uploads;
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource superseded = new();
    private readonly TaskCompletionSource<JournalEnd> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool dropped;
    private volatile bool endRead;

    public Shipment(AttemptDirectory directory, Coordinator coordinator, IArtifactStore artifacts, WorkerOptions options, TimeProvider clock, ILogger logger)
    {
        (this.directory, this.coordinator, this.options, this.clock, this.logger) = (directory, coordinator, options, clock, logger);
        reader = new JournalReader(directory.Journal);
        uploads = new ArtifactUploads(directory, artifacts, options, clock, logger, stop.Token);
    }

    /// <summary>What the attempt is doing, for people.</summary>
    public string Phase { get; private set; } = "starting";

    /// <summary>Fires when the coordinator says that the attempt is not the run's any more.</summary>
    public CancellationToken Superseded => superseded.Token;

    /// <summary>The last entry is stored, or nobody wants it: the slot is free.</summary>
    public Task Settled => settled.Task;

    /// <summary>The trainer has told its end; what remains is shipping it.</summary>
    public bool EndRead => endRead;

    /// <summary>Says that no one will write to the journal any more.</summary>
    public void Close(JournalEnd end)
    {
        if (!dropped && FilesAreWanted(end))
        {
            // A file named in the part of the journal that was stored before this process began is not met again while shipping.
            foreach (var checkpoint in end.Checkpoints)
            {
                uploads.Begin(checkpoint);
            }
        }

        closed.TrySetResult(end);
    }

    /// <summary>Gives the attempt up, with everything in its directory, which goes when its journal is closed.</summary>
    public void Drop()
    {
        dropped = true;
        stop.Cancel();
    }

    /// <summary>Ends it where it is: what is not stored stays in the directory.</summary>
    public void Stop() => stop.Cancel();

    public async Task RunAsync()
    {
        try
        {
            await Task.Yield();
            if (!await ShipAsync(stop.Token))
            {
                Log.Superseded(logger, directory.Run, directory.Attempt);
                await superseded.CancelAsync();
            }

            settled.TrySetResult();
            if (!FilesAreWanted(await closed.Task.WaitAsync(stop.Token)))
            {
                await stop.CancelAsync();
            }

            await uploads.CompleteAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stop.IsCancellationRequested || superseded.IsCancellationRequested)
            {
                Delete();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            settled.TrySetResult();
            if (dropped)
            {
                await closed.Task;
                await uploads.CompleteAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Delete();
            }
        }
        catch (Exception problem)
        {
            Log.Broke(logger, problem, directory.Run, directory.Attempt);
            settled.TrySetResult();
        }
        finally
        {
            reader.Dispose();
        }
    }

    /// <returns>False when the attempt is superseded.</returns>
    private async Task<bool> ShipAsync(CancellationToken cancellation)
    {
        if (await SendAsync([], cancellation) is not { } stored)
        {
            return false;
        }

        reader.Seek(stored);
        while (true)
        {
            var batch = reader.Read();
            if (batch.Entries.Count > 0)
            {
                await PrepareAsync(batch, cancellation);
                if (await SendAsync(batch.Entries, cancellation) is not { } position)
                {
                    return false;
                }

                if (position == reader.Position + batch.Entries.Count)
                {
                    reader.Advance(batch);
                    stored = position;
                }
                else
                {
                    stored = position;
                    reader.Seek(position);
                }
            }
            else if (!closed.Task.IsCompleted)
            {
                await Task.WhenAny(closed.Task, Task.Delay(options.JournalInterval, clock, cancellation));
                cancellation.ThrowIfCancellationRequested();
            }
            else if (await closed.Task is var end && stored == end.LastNumber)
            {
                return true;
            }
            else if (stored > end.LastNumber)
            {
                // The machine lost power and the journal's unwritten end with it, but the server has that part: only the end is missing.
                if (await SendAsync([end.Ended! with { Number = stored + 1 }], cancellation) is not { } position)
                {
                    return false;
                }

                if (position > stored)
                {
                    return true;
                }
            }
        }
    }

    /// <summary>Sees to the files that a batch speaks of before it is sent.</summary>
    private async Task PrepareAsync(JournalBatch batch, CancellationToken cancellation)
    {
        foreach (var entry in batch.Entries)
        {
            Phase = entry switch
            {
                PointsLogged or AttemptStarted => "training",
                EvaluationMade => "evaluating",
                SamplesSaved => "sampling",
                _ => Phase,
            };
            switch (entry)
            {
                case SamplesSaved samples:
                    await uploads.StoreAsync(samples, cancellation);
                    break;
                case CheckpointSaved checkpoint:
                    uploads.Begin(checkpoint);
                    break;
                case CheckpointRemoved removed:
                    await uploads.GiveUpAsync(removed);
                    break;
                case AttemptEnded:
                    endRead = true;
                    // A run that was paused or lost can be claimed at once: better that its last checkpoint is there.
                    await uploads.FirstTriesAsync().WaitAsync(cancellation);
                    break;
            }
        }
    }

    /// <summary>Sends until there is an answer. After a failure it asks for the position only: the lost answer may have been to a batch that is stored.</summary>
    private async Task<long?> SendAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellation)
    {
        for (var pause = TimeSpan.FromMilliseconds(250); ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, options.RetryInterval.Ticks)))
        {
            try
            {
                return await coordinator.ShipAsync(directory.Run, directory.Attempt, entries, cancellation);
            }
            catch (Exception problem) when (!cancellation.IsCancellationRequested)
            {
                Log.NoAnswer(logger, directory.Run, directory.Attempt, problem.Message);
            }

            entries = [];
            await Task.Delay(pause, clock, cancellation);
        }
    }

    /// <summary>A superseded attempt may have ended well before it was: its answer was lost, its weights are still wanted.</summary>
    private bool FilesAreWanted(JournalEnd end) => !superseded.IsCancellationRequested || end.Ended is { Outcome: not AttemptOutcome.Lost };

    private void Delete()
    {
        try
        {
            directory.Delete();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Log.NotDeleted(logger, directory.Path, problem.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Run {Run}, attempt {Attempt} is superseded: its directory goes.")]
        public static partial void Superseded(ILogger logger, long run, int attempt);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Run {Run}, attempt {Attempt}: the coordinator did not store the journal, trying again: {Problem}")]
        public static partial void NoAnswer(ILogger logger, long run, int attempt, string problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "Run {Run}, attempt {Attempt}: shipping stopped; its directory stays and is shipped at the next start.")]
        public static partial void Broke(ILogger logger, Exception problem, long run, int attempt);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Directory} could not be deleted and is tried at the next start: {Problem}")]
        public static partial void NotDeleted(ILogger logger, string directory, string problem);
    }
}
