using CatchUp.Contracts.Journal;
using CatchUp.Worker.Attempts;
using CatchUp.Worker.Journals;
using CatchUp.Worker.Shipping;
using CatchUp.Worker.Trainers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CatchUp.Worker.Recovery;

/// <summary>What a worker does first: it ends the attempts that an earlier process left behind and ships what they had to say.</summary>
internal sealed partial class AttemptRecovery(Shipments shipments, IOptions<WorkerOptions> options, TimeProvider clock, ILogger<AttemptRecovery> logger)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var directory in AttemptDirectory.Find(options.Value.Directory))
        {
            try
            {
                await EndTrainerAsync(directory, cancellation);
                var end = JournalFile.Repair(directory.Journal);
                if (end.Ended is null)
                {
                    var lost = new AttemptEnded { At = clock.GetUtcNow(), Outcome = AttemptOutcome.Lost, Step = end.LastStep, Cause = "The worker was restarted." };
                    end = JournalFile.Append(directory.Journal, end, lost);
                }

                Log.Found(logger, directory.Run, directory.Attempt, end.LastNumber);
                shipments.Start(directory).Close(end);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                Log.LeftAlone(logger, directory.Path, problem.Message);
            }
        }
    }

    /// <summary>The trainer's standard input ended with its worker, so it is leaving anyway; nothing it could still do counts.</summary>
    private async Task EndTrainerAsync(AttemptDirectory directory, CancellationToken cancellation)
    {
        foreach (var trainer in TrainerSearch.Find(directory))
        {
            using (trainer)
            {
                Log.Ends(logger, trainer.Id, directory.Run, directory.Attempt);
                try
                {
                    trainer.Kill(entireProcessTree: true);
                    await trainer.WaitForExitAsync(cancellation);
                }
                catch (Exception problem) when (problem is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
                {
                    Log.NotEnded(logger, trainer.Id, problem.Message);
                }
            }
        }

        while (directory.IsLocked())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, cancellation);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Run {Run}, attempt {Attempt} was left by an earlier start: shipping its journal of {Entries} entries.")]
        public static partial void Found(ILogger logger, long run, int attempt, long entries);

        [LoggerMessage(Level = LogLevel.Information, Message = "Ending the trainer {Process} of run {Run}, attempt {Attempt}, which an earlier start left behind.")]
        public static partial void Ends(ILogger logger, int process, long run, int attempt);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The trainer {Process} could not be ended: {Problem}")]
        public static partial void NotEnded(ILogger logger, int process, string problem);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Directory} is left for the next start: {Problem}")]
        public static partial void LeftAlone(ILogger logger, string directory, string problem);
    }
}
