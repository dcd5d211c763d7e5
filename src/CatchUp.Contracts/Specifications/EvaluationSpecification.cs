using System.Text.Json.Serialization;

namespace CatchUp.Contracts.Specifications;

public enum SolverKind
{
    [JsonStringEnumMemberName("euler")] Euler,

    /// <summary>Two evaluations a step but for the last: odd numbers of evaluations only.</summary>
    [JsonStringEnumMemberName("heun")] Heun,

    /// <summary>Adams–Bashforth 2, which DPM-Solver-2 is on a straight flow.</summary>
    [JsonStringEnumMemberName("dpm-solver-2")] DpmSolver2,

    /// <summary>Adams–Bashforth 3, started with a step of order 1 and one of order 2.</summary>
    [JsonStringEnumMemberName("dpm-solver-3")] DpmSolver3,

    /// <summary>The quadratic through the last three velocities integrated exactly, started with two steps of order 1.</summary>
    [JsonStringEnumMemberName("deis")] Deis,

    /// <summary>Dormand–Prince with steps of its own choice: the number of evaluations is counted, not asked for.</summary>
    [JsonStringEnumMemberName("rk45")] Rk45,
}

public enum EvaluationMetric
{
    /// <summary>Fréchet distance between feature statistics, labelled with its extractor.</summary>
    [JsonStringEnumMemberName("fid")] Fid,

    /// <summary>Kernel distance between features, unbiased, cubic polynomial kernel.</summary>
    [JsonStringEnumMemberName("kid")] Kid,

    /// <summary>Share of generated images inside the manifold of real ones (3 nearest neighbours): larger is better.</summary>
    [JsonStringEnumMemberName("precision")] Precision,

    /// <summary>Share of real images inside the manifold of generated ones: larger is better.</summary>
    [JsonStringEnumMemberName("recall")] Recall,

    /// <summary>Inception score, one split, by the classes of the extractor: larger is better.</summary>
    [JsonStringEnumMemberName("inception-score")] InceptionScore,

    /// <summary>FID extrapolated to infinitely many generated images.</summary>
    [JsonStringEnumMemberName("fid-infinity")] FidInfinity,
}

public sealed record EvaluationSpecification
{
    /// <summary>The word for: what ships with the extractor, or where nothing does the run's data set.</summary>
    public const string DefaultReference = "default";

    /// <summary>The word for: the run's data set.</summary>
    public const string DatasetReference = "dataset";

    [Key("Updates between two evaluations; the last update is always evaluated. 0 evaluates the end only.", Minimum = 0, Maximum = 100_000_000)]
    public int Every { get; init; }

    [Key("Metrics to compute. kid, precision and recall take the first 10,000 images at most.", MaximumLength = 8)]
    public IReadOnlyList<EvaluationMetric> Metrics { get; init; } = [EvaluationMetric.Fid];

    [Key("Solvers to sample with.", MinimumItems = 1, MaximumLength = 8)]
    public IReadOnlyList<SolverKind> Solvers { get; init; } = [SolverKind.Euler];

    [Key("Numbers of network evaluations per image: the x axis of the FID curve. heun takes the odd ones only; rk45 takes none and counts its own.", Minimum = 1, Maximum = 10_000, MinimumItems = 1, MaximumLength = 32)]
    public IReadOnlyList<int> Nfe { get; init; } = [1, 2, 4, 8];

    [Key("Relative and absolute tolerance of a step of rk45. Without effect for the other solvers.", Minimum = 1e-6, Maximum = 0.1)]
    public double Tolerance { get; init; } = 1e-5;

    [Key("Output heads that drive the solver, from 1. Heads that a network does not have are left out.", Minimum = 1, Maximum = 3, MinimumItems = 1, MaximumLength = 3)]
    public IReadOnlyList<int> Heads { get; init; } = [1];

    [Key("Generated images per number. 0 makes no evaluations.", Minimum = 0, Maximum = 1_000_000)]
    public int Samples { get; init; } = 500;

    [Key("Fewer images to measure first at the last update, rising: the rungs of a search whose search.stopping.resource is samples. Each costs its own images again.", Minimum = 4, Maximum = 1_000_000, MaximumLength = 8)]
    public IReadOnlyList<int> Gates { get; init; } = [];

    [Key("Images generated at a time.", Minimum = 1, Maximum = 65_536)]
    public int BatchSize { get; init; } = 250;

    [Key("Feature extractor: fashion-mnist-cnn-2 (shipped), inception-pytorch or inception-tf (their weights are set up on each worker). Numbers of unlike extractors are never ranked together.")]
    public string Extractor { get; init; } = "fashion-mnist-cnn-2";

    [Key("What generated images are compared with: default (what ships with the extractor, or where nothing does the run's data set), dataset (the run's data set), or the name of a file NAME.npz with mu and sigma that is set up on each worker.")]
    public string Reference { get; init; } = DefaultReference;

    /// <summary>The metrics that gates measure: not fid-infinity, which is extrapolated from many images.</summary>
    public IEnumerable<EvaluationMetric> GateMetrics() => Metrics.Where(metric => metric != EvaluationMetric.FidInfinity);
}
