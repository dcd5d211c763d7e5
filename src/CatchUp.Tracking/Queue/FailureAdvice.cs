using CatchUp.Contracts.Journal;

namespace CatchUp.Tracking.Queue;

/// <summary>What to change about a run that failed, where the trainer itself gave no advice.</summary>
public static class FailureAdvice
{
    public static string For(FailureKind kind) => kind switch
    {
        FailureKind.OutOfMemory => "Lower training.batchSize or evaluation.batchSize, or make the network smaller (network.channels); or let it run on a machine with more memory. Then clone the run.",
        FailureKind.Configuration => "Mend the specification, then clone the run: the same again would fail the same way.",
        FailureKind.NonFinite => "Lower optimizer.learningRate or lengthen optimizer.warmupSteps, then clone the run: the same again would fail the same way.",
        FailureKind.DiskFull => "Free space where the worker keeps its data, then retry the run: it goes on from its last checkpoint.",
        FailureKind.Data => "Put what is missing in its place on the worker, then retry the run.",
        FailureKind.Lost or FailureKind.Crash => "Something takes its trainers down again and again: look at the log's last lines and at the worker's memory. Retry goes on from the last checkpoint.",
        FailureKind.Rule => "A rule in schedule.restarts.onLog of the sweep file decided so. Mend what the log says, then retry the run.",
        _ => "The run's log may say more.",
    };

    /// <summary>The kind in words, for people: "Out of memory".</summary>
    public static string Name(FailureKind kind) => kind switch
    {
        FailureKind.OutOfMemory => "Out of memory",
        FailureKind.Configuration => "Configuration",
        FailureKind.NonFinite => "Loss not finite",
        FailureKind.DiskFull => "Disk full",
        FailureKind.Data => "Data not there",
        FailureKind.Crash => "Trainer crashed",
        FailureKind.Lost => "Lost too often",
        FailureKind.Rule => "A rule on the log",
        _ => "Other",
    };
}
