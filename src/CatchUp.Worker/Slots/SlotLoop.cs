using System.ComponentModel;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Workers;
using CatchUp.Worker.Artifacts;
using CatchUp.Worker.Attempts;
using CatchUp.Worker.Journals;
using CatchUp.Worker.Machine;
using CatchUp.Worker.Shipping;
using CatchUp.Worker.Trainers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CatchUp.Worker.Slots;

/// <summary>One slot: asks for a run, has a trainer work on it, sees its journal stored, asks again.</summary>
internal sealed partial class SlotLoop(Coordinator coordinator, Shipments shipments, SlotBoard slots, Capabilities capabilities, IArtifactStore artifacts, IOptions<WorkerOptions> options, TimeProvider clock, ILogger<SlotLoop> logger)
{
    private readonly WorkerOptions options = options.Value;

    public async Task RunAsync(int slot, CancellationToken stopping)
    {
        var request = Guid.NewGuid();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                // The same id until there is an answer: a run that was given out with a lost answer is given again.
                var assigned = await coordinator.RequestRunAsync(slot, request, capabilities.Describe(slot, busy: false), stopping);
                request = Guid.NewGuid();
                if (assigned is not null)
                {
                    await WorkAsync(slot, assigned, stopping);
                    continue;
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                Log.Failed(logger, slot, problem.Message);
            }

            await slots.RestAsync(slot, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WorkAsync(int slot, RunAssigned assigned, CancellationToken stopping)
    {
        if (await PrepareAsync(slot, assigned, stopping) is not { } directory)
        {
            return;
        }

        var shipment = shipments.Start(directory);
        var attempt = new LiveAttempt(directory, shipment, options.CancelGrace, clock);
        slots[slot] = attempt;
        try
        {
            var ended = await TrainAsync(assigned, directory, attempt, shipment, stopping);
            var end = await CloseJournalAsync(directory, ended, attempt.Abandoned, stopping);
            if (attempt.Abandoned.IsCancellationRequested)
            {
                shipment.Drop();
            }

            shipment.Close(end);
            await shipment.Settled.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested)
            {
                // The last entry should be stored before the process goes; if it is not, the next start ships it.
                await Task.WhenAny(shipment.Settled, Task.Delay(options.StopGrace, clock, CancellationToken.None));
            }
        }
        finally
        {
            slots[slot] = null;
        }
    }

    /// <returns>Null when the attempt cannot begin, which the coordinator has been told.</returns>
    private async Task<AttemptDirectory?> PrepareAsync(int slot, RunAssigned assigned, CancellationToken cancellation)
    {
        var directory = AttemptDirectory.Of(options.Directory, assigned.RunId, assigned.Attempt);
        await shipments.DropAsync(directory);
        try
        {
            return AttemptDirectory.Create(options.Directory, new RunFile
            {
                Run = assigned.RunId,
                Attempt = assigned.Attempt,
                Name = assigned.Name,
                Specification = assigned.Specification,
                Resume = assigned.Checkpoint is { } checkpoint ? new ResumePoint(checkpoint.Step, artifacts.PathOf(directory, checkpoint.Sha256), checkpoint.Sha256) : null,
                Initial = assigned.Initial is { } initial ? new InitialWeights(initial.Run, initial.Step, artifacts.PathOf(directory, initial.Sha256), initial.Sha256, initial.Specification) : null,
                Evaluations = assigned.Evaluations,
                Samples = assigned.Samples,
                Device = options.DeviceOf(slot),
            });
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            var ended = new AttemptEnded { Number = 1, At = clock.GetUtcNow(), Outcome = AttemptOutcome.Failed, Failure = FailureKind.DiskFull, Cause = "The run directory could not be made: " + problem.Message, Advice = "Free space where the data folder is, or mend its permissions, then retry the run." };
            await coordinator.ShipAsync(assigned.RunId, assigned.Attempt, [ended], cancellation);
            return null;
        }
    }

    /// <returns>What to write at the journal's end if the trainer did not.</returns>
    private async Task<AttemptEnded> TrainAsync(RunAssigned assigned, AttemptDirectory directory, LiveAttempt attempt, Shipment shipment, CancellationToken stopping)
    {
        if (await FetchAsync(assigned, directory, attempt, shipment, stopping) is { } missing)
        {
            return missing;
        }

        TrainerProcess trainer;
        var kills = MemoryKills.Count();
        try
        {
            trainer = TrainerProcess.Start(options, directory);
        }
        catch (Exception problem) when (problem is Win32Exception or IOException)
        {
            return new AttemptEnded { Outcome = AttemptOutcome.Failed, Cause = $"The trainer {options.Trainer} could not be started: {problem.Message}", Advice = "Build the whole solution, or set CATCHUP_TRAINER to the trainer's program." };
        }

        using (trainer)
        {
            attempt.Attach(trainer);
            using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(stopping, attempt.Abandoned, shipment.Superseded);
            await ((Task)trainer.Exited).WaitAsync(interrupted.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!trainer.Exited.IsCompleted)
            {
                trainer.CloseInput();
                if (!attempt.Abandoned.IsCancellationRequested && !shipment.Superseded.IsCancellationRequested)
                {
                    await Task.WhenAny(trainer.Exited, Task.Delay(options.StopGrace, clock, CancellationToken.None));
                }

                trainer.Kill();
                await trainer.Exited;
                return new AttemptEnded { Outcome = AttemptOutcome.Lost, Cause = "The worker was stopped." };
            }

            var exitCode = await trainer.Exited;
            if (attempt.Order == OrderKind.Cancel)
            {
                return new AttemptEnded { Outcome = AttemptOutcome.Cancelled, Cause = "Stopped on request.", ExitCode = exitCode };
            }

            if (exitCode is not 0)
            {
                Log.TrainerExited(logger, directory.Run, directory.Attempt, exitCode);
            }

            return TrainerVerdict.Explain(exitCode, trainer.LastErrors(), MemoryKills.Count() - kills);
        }
    }

    /// <summary>Sees to the weights it starts from. A checkpoint whose bytes have changed is taken out of the store, so that the next attempt begins at the one before.</summary>
    /// <returns>Null when all is there.</returns>
    private async Task<AttemptEnded?> FetchAsync(RunAssigned assigned, AttemptDirectory directory, LiveAttempt attempt, Shipment shipment, CancellationToken stopping)
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(stopping, attempt.Abandoned, shipment.Superseded);
        try
        {
            if (assigned.Checkpoint is { } checkpoint && !await artifacts.FetchAsync(directory, checkpoint.Sha256, interrupted.Token))
            {
                return new AttemptEnded { Outcome = AttemptOutcome.Lost, Cause = $"The checkpoint at step {checkpoint.Step} is damaged or missing; the run goes on from the one before." };
            }

            return assigned.Initial is not { } initial || await artifacts.FetchAsync(directory, initial.Sha256, interrupted.Token)
                ? null
                : new AttemptEnded { Outcome = AttemptOutcome.Lost, Cause = $"The snapshot of run {initial.Run} at step {initial.Step} is damaged or missing." };
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return new AttemptEnded { Outcome = AttemptOutcome.Lost, Cause = "The worker was stopped." };
        }
        catch (IOException problem)
        {
            return new AttemptEnded { Outcome = AttemptOutcome.Lost, Cause = "The weights it starts from could not be fetched: " + problem.Message };
        }
    }

    /// <summary>Drops a torn last line and writes the end, unless it is there. On a full disk it waits for space: without its end the attempt would only be lost.</summary>
    private async Task<JournalEnd> CloseJournalAsync(AttemptDirectory directory, AttemptEnded ended, CancellationToken abandoned, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                var end = JournalFile.Repair(directory.Journal);
                return end.Ended is not null || abandoned.IsCancellationRequested
                    ? end
                    : JournalFile.Append(directory.Journal, end, ended with { At = clock.GetUtcNow(), Step = end.LastStep });
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                Log.JournalNotClosed(logger, directory.Run, directory.Attempt, problem.Message);
                RemoveHalfWritten(directory);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), clock, stopping);
        }
    }

    /// <summary>What the trainer had not finished writing is of no use to anybody, and may be what fills the disk.</summary>
    private static void RemoveHalfWritten(AttemptDirectory directory)
    {
        try
        {
            foreach (var file in Directory.EnumerateFiles(directory.Path, "*.tmp", SearchOption.AllDirectories))
            {
                File.Delete(file);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Slot {Slot} got no answer from the coordinator and asks again: {Problem}")]
        public static partial void Failed(ILogger logger, int slot, string problem);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Run {Run}, attempt {Attempt}: the trainer left with exit status {ExitCode}.")]
        public static partial void TrainerExited(ILogger logger, long run, int attempt, int exitCode);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Run {Run}, attempt {Attempt}: its journal could not be ended, trying again: {Problem}")]
        public static partial void JournalNotClosed(ILogger logger, long run, int attempt, string problem);
    }
}
