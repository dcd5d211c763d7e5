using CatchUp.Contracts.Specifications;
using CatchUp.Search.Stopping;
using CatchUp.Tracking.Retention;

namespace CatchUp.Tracking.Sweeps;

/// <summary>The keys of a sweep file beside those of the run specification.</summary>
internal static class SweepFileSchema
{
    public const int MostRuns = 100_000, LongestName = 200, MostVariants = 200, LongestWindow = 500, MostPriority = 1000, MostParallel = 10_000;

    public static readonly SpecificationKey Name = new() { Path = "name", Name = "name", Kind = KeyKind.Text, MaximumLength = LongestName, Description = "What the sweep is called; its runs are called after it." };

    public static readonly SpecificationKey Project = new() { Path = "project", Name = "project", Kind = KeyKind.Text, MaximumLength = 100, Description = "What its runs are listed under; default without." };

    public static readonly SpecificationKey Owner = new() { Path = "owner", Name = "owner", Kind = KeyKind.Text, MaximumLength = LongestName, Description = "Whose it is, for a fair share of the workers; without, who launches it." };

    public static readonly SpecificationKey Replicates = Whole("replicates", 1, CatchUp.Search.Replicates.Most, "Runs of each configuration, which differ in their seeds only.");

    public static readonly SpecificationKey Constraints = new()
    {
        Path = "constraints", Name = "constraints", Kind = KeyKind.List, ItemKind = KeyKind.Text, MaximumLength = 500,
        Description = "Conditions on whole configurations, each a text: training.batchSize * optimizer.learningRate <= 0.1.",
    };

    public static readonly SpecificationKey Search = Section("search", [
        Choice("search.method", ["grid", "random", "sobol", "tpe"], "How configurations are chosen: all of them (grid), at random, evenly spread (sobol), or by what came of those before (tpe)."),
        Whole("search.trials", 1, MostRuns, "Configurations to try. A grid has as many as its space."),
        Whole("search.seed", 0, int.MaxValue, "The same seed and the same results give the same trials."),
        Whole("search.startup", 1, 10_000, "Results to know before tpe begins to model."),
        Section("search.stopping", [
            Choice("search.stopping.method", ["asha", "hyperband"], "asha compares all trials at every rung; with hyperband some of them skip the lower rungs."),
            Choice("search.stopping.resource", [Ladder.Steps, Ladder.Samples], "What is spent from rung to rung: training steps, or images of the last evaluation, whose rungs are evaluation.gates."),
            new() { Path = "search.stopping.reduction", Name = "reduction", Kind = KeyKind.Number, Minimum = 1.1, Maximum = 100, Description = "Of the trials at a rung, one in so many goes on." },
            Whole("search.stopping.first", 1, 100_000_000, "Steps of the first rung; the next lie at this times the reduction, and so on, at the evaluation that follows."),
            Whole("search.stopping.least", 1, MostRuns, "Values to know at a rung before a trial is stopped there."),
            new() { Path = "search.stopping.waits", Name = "waits", Kind = KeyKind.Boolean, Description = "Whether a trial that is not among the best pauses until others show whether it comes to be; else it stops at once." },
            new() { Path = "search.stopping.spared", Name = "spared", Kind = KeyKind.Number, Minimum = 0, Maximum = 1, Description = "Share of the trials that finish whatever the rungs say: they show what stopping costs." },
        ], "Trials are compared at rungs before their end, and those that fall behind stop."),
        Section("search.failed", [
            Whole("search.failed.retries", 0, 100, "How often a failed trial is tried again."),
            new() { Path = "search.failed.replace", Name = "replace", Kind = KeyKind.Boolean, Description = "Whether another trial takes the place of one that failed for good." },
        ], "What becomes of trials that fail."),
        new() { Path = "search.objectives", Name = "objectives", Kind = KeyKind.List, Description = "What to search for when it is more than the objective: a list of mappings with metric, solver, nfe, over, head and goal, or metric: gpu-hours." },
    ], "How configurations are chosen, and when trials stop early.");

    public static readonly SpecificationKey Objective = Section("objective", [
        Choice("objective.metric", SpecificationSchema.Find("evaluation.metrics")!.Choices, "The number that decides which run is best."),
        Choice("objective.solver", SpecificationSchema.Find("evaluation.solvers")!.Choices, "The solver it is measured with: one of evaluation.solvers."),
        Whole("objective.nfe", 1, SpecificationSchema.Find("evaluation.nfe")!.Maximum, "The number of network evaluations it is measured at: one of evaluation.nfe."),
        Whole("objective.head", 1, 3, "The output head it is measured with."),
        Choice("objective.goal", ["minimize", "maximize"], "Which way is better; without, the metric's own."),
    ], "What decides which run is best, and what a search goes by.");

    public static readonly SpecificationKey Schedule = Section("schedule", [
        Whole("schedule.priority", -MostPriority, MostPriority, "Higher is taken first."),
        Whole("schedule.maxParallel", 1, MostParallel, "Runs of this sweep at a time, at most."),
        new() { Path = "schedule.window", Name = "window", Kind = KeyKind.Text, MaximumLength = LongestWindow, Description = "It runs only then: 22:00-07:00 Europe/Berlin, with weekdays Mon-Fri 22:00-07:00 Europe/Berlin, several with semicolons between." },
        new() { Path = "schedule.deadline", Name = "deadline", Kind = KeyKind.Text, MaximumLength = LongestWindow, Description = "What is not done by then is cancelled: 2030-12-01T07:00 Europe/Berlin." },
        Section("schedule.requires", [
            new() { Path = "schedule.requires.labels", Name = "labels", Kind = KeyKind.List, ItemKind = KeyKind.Text, MaximumLength = 64, Description = "Labels that a worker must have, all of them." },
            new() { Path = "schedule.requires.memory", Name = "memory", Kind = KeyKind.Text, TakesNumbers = true, MaximumLength = 32, Description = "Memory of the device, at least: 20GiB." },
            Choice("schedule.requires.device", ["cpu", "cuda"], "Kind of device."),
        ], "What a worker must have to be given its runs."),
        new() { Path = "schedule.restarts", Name = "restarts", Kind = KeyKind.Section, Description = "What becomes of attempts that go wrong.", Keys = [Whole("schedule.restarts.lost", 0, Queue.RestartPolicy.MostLost, "Attempts in a row that may be lost before a run fails."), new() { Path = "schedule.restarts.onLog", Name = "onLog", Kind = KeyKind.List, Description = "Rules on the log of a failed attempt, each with match, a regular expression, and action: exclude-worker, retry or fail." }] },
    ], "When and where its runs are made.");

    public static readonly SpecificationKey Retention = Section("retention", [
        Choice("retention.keep", [RetentionPolicy.KeepAll], "Keep all checkpoints."),
        Whole("retention.last", 1, RetentionPolicy.Most, "How many of the last steps keep their checkpoints and snapshots."),
        Whole("retention.best", 0, RetentionPolicy.Most, "How many snapshots with the best values of the objective are kept."),
    ], "Which checkpoints are kept when its runs have ended; without, the server's policy.");

    public static readonly SpecificationKey Evaluation = SpecificationSchema.Find("evaluation")!;

    /// <summary>The keys of the file itself, in the order they are written.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["name", "project", "owner", "base", "variants", "space", "constraints", "search", "replicates", "objective", "evaluation", "schedule", "retention"];

    /// <summary>The whole file. Completion, its documentation and the JSON schema are made from it.</summary>
    public static SpecificationKey Root { get; } = Section("", [
        Name,
        Project,
        Owner,
        Section("base", SpecificationSchema.Root.Keys, "What every run is: a preset, and what differs from it."),
        new() { Path = "variants", Name = "variants", Kind = KeyKind.List, Description = "Named configurations: a list of mappings, each with a name and the keys it sets. One may start from another by initialRun." },
        Section("space", [], "What is tried: dotted keys of runs, each with a list of values or a range, as in optimizer.learningRate: { logUniform: [1e-4, 1e-2] }."),
        Constraints,
        Search,
        Replicates,
        Objective,
        Section("evaluation", Evaluation.Keys, Evaluation.Description),
        Schedule,
        Retention,
    ], "A sweep: a search over configurations of a run.");

    private static SpecificationKey Section(string path, IReadOnlyList<SpecificationKey> keys, string description = "") => new() { Path = path, Name = LastSegment(path), Kind = KeyKind.Section, Keys = keys, Description = description };

    private static SpecificationKey Whole(string path, double minimum, double maximum, string description = "") => new() { Path = path, Name = LastSegment(path), Kind = KeyKind.WholeNumber, Minimum = minimum, Maximum = maximum, Description = description };

    private static SpecificationKey Choice(string path, IReadOnlyList<string> choices, string description = "") => new() { Path = path, Name = LastSegment(path), Kind = KeyKind.Choice, Choices = choices, Description = description };

    private static string LastSegment(string path) => path[(path.LastIndexOf('.') + 1)..];
}
