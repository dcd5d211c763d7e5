using System.Globalization;
using CatchUp.Contracts.Journal;

namespace CatchUp.Worker.Trainers;

/// <summary>Turns the end of a trainer that left its journal open into words and an outcome.</summary>
internal static class TrainerVerdict
{
    private const int LinesInCause = 8, CharactersInCause = 2000;

    private static readonly string[] OutOfMemory =
    [
        "out of memory", "can't allocate memory", "cannot allocate memory", "not enough memory", "std::bad_alloc", "OutOfMemoryException",
        "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED", "cudaErrorMemoryAllocation", "ENOMEM",
    ];

    /// <param name="exitCode">Exit status; 128 + n for signal n.</param>
    /// <param name="lastLines">The end of its standard error.</param>
    /// <param name="memoryKills">Processes that the system killed for their memory while it ran.</param>
    public static AttemptEnded Explain(int exitCode, IReadOnlyList<string> lastLines, long memoryKills = 0)
    {
        var error = string.Join('\n', lastLines).Trim();
        var ended = new AttemptEnded { ExitCode = exitCode };
        if (error.Contains("No space left on device", StringComparison.OrdinalIgnoreCase) || error.Contains("disk is full", StringComparison.OrdinalIgnoreCase))
        {
            return ended with { Outcome = AttemptOutcome.Failed, Failure = FailureKind.DiskFull, Cause = "The disk was full: " + LastLine(lastLines), Advice = "Free space where the data folder is, then retry the run." };
        }

        if (OutOfMemory.Any(words => error.Contains(words, StringComparison.OrdinalIgnoreCase)))
        {
            return ended with { Outcome = AttemptOutcome.Failed, Failure = FailureKind.OutOfMemory, Cause = "The memory was not enough: " + LastLine(lastLines), Advice = MoreMemory };
        }

        if (exitCode == 137 && memoryKills > 0)
        {
            return ended with { Outcome = AttemptOutcome.Failed, Failure = FailureKind.OutOfMemory, Cause = "The machine ran out of memory and the system killed the trainer (SIGKILL, exit 137).", Advice = MoreMemory };
        }

        return exitCode switch
        {
            0 => ended with { Outcome = AttemptOutcome.Failed, Cause = "The trainer left without saying how its run ended." + Quote(lastLines) },
            2 => ended with { Outcome = AttemptOutcome.Failed, Failure = FailureKind.Configuration, Cause = error.Length == 0 ? "The trainer refused its input and gave no reason (exit 2)." : Cut(error), Advice = "Mend the specification, then clone the run." },
            3 => ended with { Outcome = AttemptOutcome.Failed, Cause = "The trainer failed and could not write why into its journal (exit 3)." + Quote(lastLines) },
            4 => ended with { Outcome = AttemptOutcome.Lost, Cause = "The trainer was told to leave (SIGTERM) by someone other than its worker." },
            > 128 and < 160 => ended with { Outcome = AttemptOutcome.Lost, Failure = exitCode is 137 or 143 ? FailureKind.Lost : FailureKind.Crash, Cause = string.Create(CultureInfo.InvariantCulture, $"The trainer {Fate(exitCode - 128)}, exit {exitCode}).") + Quote(lastLines), Advice = exitCode == 137 ? "If nobody killed it, the system ran out of memory: lower training.batchSize." : null },
            _ => ended with { Outcome = AttemptOutcome.Failed, Cause = string.Create(CultureInfo.InvariantCulture, $"The trainer left with the unexpected exit status {exitCode}.") + Quote(lastLines) },
        };
    }

    private const string MoreMemory = "Lower training.batchSize or evaluation.batchSize, or make the network smaller; or let it run on a machine with more memory.";

    private static string Fate(int signal) => signal switch
    {
        4 => "crashed (illegal instruction",
        6 => "crashed (aborted",
        7 => "crashed (bus error",
        8 => "crashed (arithmetic error",
        9 => "was killed (SIGKILL",
        11 => "crashed (segmentation fault",
        15 => "was terminated (SIGTERM",
        _ => string.Create(CultureInfo.InvariantCulture, $"was ended (signal {signal}"),
    };

    private static string Quote(IReadOnlyList<string> lines) =>
        lines.Count == 0 ? " It wrote nothing to standard error." : " Last lines: " + Cut(string.Join('\n', lines.TakeLast(LinesInCause)));

    private static string LastLine(IReadOnlyList<string> lines) => Cut(lines[^1]);

    private static string Cut(string text) => text.Length <= CharactersInCause ? text : "… " + text[^CharactersInCause..];
}
