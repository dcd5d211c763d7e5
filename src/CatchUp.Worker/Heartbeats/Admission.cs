using CatchUp.Contracts.Workers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CatchUp.Worker.Heartbeats;

/// <summary>What the server lets this worker do, by its last answer. A worker that is not wanted ends its process.</summary>
internal sealed partial class Admission(IHostApplicationLifetime lifetime, ILogger<Admission> logger)
{
    private readonly TaskCompletionSource granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WorkerStanding last;

    /// <summary>The server has answered and lets the worker in.</summary>
    public Task Granted => granted.Task;

    /// <summary>Why the process ends; null when nobody sent it away.</summary>
    public string? Dismissal { get; private set; }

    public void Hear(HeartbeatAnswer answer)
    {
        var (before, reason) = (last, answer.Reason ?? "");
        last = answer.Standing;
        switch (answer.Standing)
        {
            case WorkerStanding.Accepted or WorkerStanding.Draining:
                granted.TrySetResult();
                if (before != answer.Standing)
                {
                    Log.Changed(logger, answer.Standing == WorkerStanding.Draining ? "drains: it asks for no more runs" : "asks for runs again", reason);
                }

                break;
            case WorkerStanding.Removed or WorkerStanding.Refused when Dismissal is null:
                Dismissal = answer.Standing == WorkerStanding.Removed ? $"This worker was removed. {reason}" : $"The server refuses this worker. {reason}";
                Log.Dismissed(logger, Dismissal);
                lifetime.StopApplication();
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The worker {What}. {Reason}")]
        public static partial void Changed(ILogger logger, string what, string reason);

        [LoggerMessage(Level = LogLevel.Critical, Message = "{Reason} The process stops.")]
        public static partial void Dismissed(ILogger logger, string reason);
    }
}
