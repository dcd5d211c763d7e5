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

    public static readonly SpecificationKey Search = Section("search", [
        Choice("search.method", ["grid", "random", "tpe"]),
        Whole("search.trials", 1, MostRuns),
        Whole("search.seed", 0, int.MaxValue),
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
    public static IReadOnlyList<string> Keys { get; } = ["name", "project", "owner", "base", "variants", "space", "search", "replicates", "objective", "evaluation", "schedule", "retention"];

    private static SpecificationKey Section(string path, IReadOnlyList<SpecificationKey> keys) => new() { Path = path, Name = LastSegment(path), Kind = KeyKind.Section, Keys = keys };

    private static SpecificationKey Whole(string path, double minimum, double maximum) => new() { Path = path, Name = LastSegment(path), Kind = KeyKind.WholeNumber, Minimum = minimum, Maximum = maximum };

    private static SpecificationKey Choice(string path, IReadOnlyList<string> choices) => new() { Path = path, Name = LastSegment(path), Kind = KeyKind.Choice, Choices = choices };

    private static string LastSegment(string path) => path[(path.LastIndexOf('.') + 1)..];
}
