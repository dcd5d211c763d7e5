using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Retention;

namespace CatchUp.Tracking.Sweeps;

/// <summary>The keys of a sweep file beside those of the run specification.</summary>
internal static class SweepFileSchema
{
    public const int MostRuns = 100_000, LongestName = 200, MostVariants = 200, LongestWindow = 500, MostPriority = 1000, MostParallel = 10_000;

    public static readonly SpecificationKey Name = new() { Path = "name", Name = "name", Kind = KeyKind.Text, MaximumLength = LongestName };

    public static readonly SpecificationKey Project = new() { Path = "project", Name = "project", Kind = KeyKind.Text, MaximumLength = 100 };

    public static readonly SpecificationKey Owner = new() { Path = "owner", Name = "owner", Kind = KeyKind.Text, MaximumLength = LongestName };

    public static readonly SpecificationKey Replicates = Whole("replicates", 1, CatchUp.Search.Replicates.Most);

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
            Choice("search.stopping.resource", ["steps"], "What is spent from rung to rung: training steps."),
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
    ]);

    public static readonly SpecificationKey Objective = Section("objective", [
        Choice("objective.metric", SpecificationSchema.Find("evaluation.metrics")!.Choices),
        Choice("objective.solver", SpecificationSchema.Find("evaluation.solvers")!.Choices),
        Whole("objective.nfe", 1, SpecificationSchema.Find("evaluation.nfe")!.Maximum),
        Whole("objective.head", 1, 3),
        Choice("objective.goal", ["minimize", "maximize"]),
    ]);

    public static readonly SpecificationKey Schedule = Section("schedule", [
        Whole("schedule.priority", -MostPriority, MostPriority),
        Whole("schedule.maxParallel", 1, MostParallel),
        new() { Path = "schedule.window", Name = "window", Kind = KeyKind.Text, MaximumLength = LongestWindow },
        new() { Path = "schedule.deadline", Name = "deadline", Kind = KeyKind.Text, MaximumLength = LongestWindow },
        Section("schedule.requires", [
            new() { Path = "schedule.requires.labels", Name = "labels", Kind = KeyKind.List, ItemKind = KeyKind.Text, MaximumLength = 64 },
            new() { Path = "schedule.requires.memory", Name = "memory", Kind = KeyKind.Text, TakesNumbers = true, MaximumLength = 32 },
            Choice("schedule.requires.device", ["cpu", "cuda"]),
        ]),
        new() { Path = "schedule.restarts", Name = "restarts", Kind = KeyKind.Section, Keys = [Whole("schedule.restarts.lost", 0, Queue.RestartPolicy.MostLost), new() { Path = "schedule.restarts.onLog", Name = "onLog", Kind = KeyKind.List }] },
    ]);

    public static readonly SpecificationKey Retention = Section("retention", [
        Choice("retention.keep", [RetentionPolicy.KeepAll]),
        Whole("retention.last", 1, RetentionPolicy.Most),
        Whole("retention.best", 0, RetentionPolicy.Most),
    ]);

    public static readonly SpecificationKey Evaluation = SpecificationSchema.Find("evaluation")!;

    /// <summary>The keys of the file itself, in the order they are written.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["name", "project", "owner", "base", "variants", "space", "constraints", "search", "replicates", "objective", "evaluation", "schedule", "retention"];

    private static SpecificationKey Section(string path, IReadOnlyList<SpecificationKey> keys, string description = "") => new() { Path = path, Name = LastSegment(path), Kind = KeyKind.Section, Keys = keys, Description = description };

    private static SpecificationKey Whole(string path, double minimum, double maximum, string description = "") => new() { Path = path, Name = LastSegment(path), Kind = KeyKind.WholeNumber, Minimum = minimum, Maximum = maximum, Description = description };

    private static SpecificationKey Choice(string path, IReadOnlyList<string> choices, string description = "") => new() { Path = path, Name = LastSegment(path), Kind = KeyKind.Choice, Choices = choices, Description = description };

    private static string LastSegment(string path) => path[(path.LastIndexOf('.') + 1)..];
}
