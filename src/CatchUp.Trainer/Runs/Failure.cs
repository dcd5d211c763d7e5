using CatchUp.Contracts.Journal;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Downloads;
using CatchUp.Flow.Evaluation.Extractors;
using CatchUp.Flow.Training;

namespace CatchUp.Trainer.Runs;

/// <summary>Puts foreseeable errors into words. Others crash the trainer, and its worker reports the last lines of standard error.</summary>
internal static class Failure
{
    /// <summary>The journal's last entry for a foreseeable error, without its step; null for any other.</summary>
    public static AttemptEnded? Explain(Exception error) => error switch
    {
        NonFiniteLossException loss => Failed(FailureKind.NonFinite, loss.Message, "Lower optimizer.learningRate or lengthen optimizer.warmupSteps."),
        DatasetUnavailableException data => Failed(FailureKind.Data, data.Message),
        DownloadFailedException download => Failed(FailureKind.Data, download.Message, "Resume the run when the file can be fetched, or put the data set in place yourself."),
        ExtractorUnavailableException extractor => Failed(FailureKind.Data, extractor.Message),
        InitialModelUnusableException initial => Failed(FailureKind.Configuration, initial.Message, "Give this run the network section of its initial run, or choose another initialRun.run."),
        WeightFileRefusedException { IsWhole: true } other => Failed(FailureKind.Configuration, other.Message, "Clone the run to train it from the beginning."),
        WeightFileRefusedException damaged => new AttemptEnded { Outcome = AttemptOutcome.Lost, Cause = damaged.Message },
        IOException disk when IsDiskFull(disk) => Failed(FailureKind.DiskFull, "The disk of the run directory is full.", "Free some space and retry the run from its last checkpoint."),
        _ => null,
    };

    /// <summary>Ends the journal with a failure, where the disk still takes an entry, and says it on standard error. Returns the exit status.</summary>
    public static int Tell(AttemptEnded failure, JournalWriter journal)
    {
        Console.Error.WriteLine($"{failure.Cause} {failure.Advice}".TrimEnd());
        try
        {
            journal.Append(failure);
        }
        catch (IOException error)
        {
            Console.Error.WriteLine($"The journal could not be ended: {error.Message}");
        }

        return ExitStatus.Failed;
    }

    private static AttemptEnded Failed(FailureKind kind, string cause, string? advice = null) =>
        new() { Outcome = AttemptOutcome.Failed, Failure = kind, Cause = cause, Advice = advice };

    /// <summary>ENOSPC on Linux, ERROR_DISK_FULL on Windows.</summary>
    private static bool IsDiskFull(IOException error) => error.HResult is 28 or unchecked((int)0x80070070);
}
