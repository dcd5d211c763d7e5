using System.Collections.Concurrent;
using CatchUp.Contracts.Journal;
using CatchUp.Worker.Artifacts;
using CatchUp.Worker.Attempts;
using Microsoft.Extensions.Logging;

namespace CatchUp.Worker.Shipping;

/// <summary>Stores the files that one attempt's journal names. Weights are stored beside shipping and never hold it up; samples before their entry is shipped.</summary>
internal sealed partial class ArtifactUploads(AttemptDirectory directory, IArtifactStore artifacts, WorkerOptions options, TimeProvider clock, ILogger logger, CancellationToken stop)
{
    private readonly ConcurrentDictionary<string, Upload> uploads = new();

    /// <summary>Starts to store a file of weights; it is tried until it is stored or not wanted any more.</summary>
    public void Begin(CheckpointSaved saved) => uploads.GetOrAdd(saved.Sha256, _ =>
    {
        var upload = new Upload(CancellationTokenSource.CreateLinkedTokenSource(stop));
        upload.Task = StoreAsync(saved.File, saved.Sha256, keepsReserve: true, upload.FirstTry, upload.GivenUp.Token);
        return upload;
    });

    /// <summary>Returns when the file is certain not to be stored any more: its removal may be told.</summary>
    public async Task GiveUpAsync(CheckpointRemoved removed)
    {
        if (uploads.TryGetValue(removed.Sha256, out var upload))
        {
            await upload.GivenUp.CancelAsync();
            await upload.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Small, and waited for by the journal behind it, which may hold the news that the disk is full: it may use the reserve.</summary>
    public async Task StoreAsync(SamplesSaved samples, CancellationToken cancellation)
    {
        await StoreAsync(samples.File, samples.Sha256, cancellation);
        if (samples.Neighbours is { } neighbours)
        {
            await StoreAsync(neighbours.File, neighbours.Sha256, cancellation);
        }

        if (samples.Trajectory is { } trajectory)
        {
            await StoreAsync(trajectory.File, trajectory.Sha256, cancellation);
        }
    }

    private Task StoreAsync(string file, string sha256, CancellationToken cancellation) => StoreAsync(file, sha256, keepsReserve: false, new TaskCompletionSource(), cancellation);

    /// <summary>Everything begun has been tried once.</summary>
    public Task FirstTriesAsync() => Task.WhenAll(uploads.Values.Select(upload => upload.FirstTry.Task));

    /// <summary>Everything begun is stored, was given up, or can never be stored.</summary>
    public Task CompleteAsync() => Task.WhenAll(uploads.Values.Where(upload => !upload.GivenUp.IsCancellationRequested).Select(upload => upload.Task));

    private async Task StoreAsync(string file, string sha256, bool keepsReserve, TaskCompletionSource firstTry, CancellationToken cancellation)
    {
        try
        {
            for (var pause = TimeSpan.FromMilliseconds(250); ; pause = Longer(pause))
            {
                try
                {
                    await artifacts.StoreAsync(directory.Resolve(file), sha256, keepsReserve, cancellation);
                    return;
                }
                catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException or InvalidDataException or ArgumentException)
                {
                    // Newer weights took its place, or its bytes are not what the journal says: no later try can help.
                    Log.FileNotStored(logger, directory.Run, directory.Attempt, file, problem.Message);
                    return;
                }
                catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
                {
                    Log.FileWaits(logger, directory.Run, directory.Attempt, file, problem.Message);
                }

                firstTry.TrySetResult();
                await Task.Delay(pause, clock, cancellation);
            }
        }
        finally
        {
            firstTry.TrySetResult();
        }
    }

    private TimeSpan Longer(TimeSpan pause) => TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, options.RetryInterval.Ticks));

    private sealed record Upload(CancellationTokenSource GivenUp)
    {
        public TaskCompletionSource FirstTry { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task { get; set; } = Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Run {Run}, attempt {Attempt}: {File} is not stored: {Problem}")]
        public static partial void FileNotStored(ILogger logger, long run, int attempt, string file, string problem);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Run {Run}, attempt {Attempt}: storing {File} failed and is tried again: {Problem}")]
        public static partial void FileWaits(ILogger logger, long run, int attempt, string file, string problem);
    }
}
