using System.Text.Json.Serialization;

namespace CatchUp.Contracts.Specifications;

public enum SolverKind
{
    [JsonStringEnumMemberName("euler")] Euler,
}

public enum EvaluationMetric
{
    /// <summary>Fréchet distance between feature statistics, labelled with its extractor.</summary>
    [JsonStringEnumMemberName("fid")] Fid,

    /// <summary>Kernel distance between features, unbiased, cubic polynomial kernel.</summary>
    [JsonStringEnumMemberName("kid")] Kid,
}

public sealed record EvaluationSpecification
{
    [Key("Updates between two evaluations; the last update is always evaluated. 0 evaluates the end only.", Minimum = 0, Maximum = 100_000_000)]
    public int Every { get; init; }

    [Key("Metrics to compute.", MaximumLength = 4)]
    public IReadOnlyList<EvaluationMetric> Metrics { get; init; } = [EvaluationMetric.Fid];

    [Key("Solvers to sample with.", MinimumItems = 1, MaximumLength = 8)]
    public IReadOnlyList<SolverKind> Solvers { get; init; } = [SolverKind.Euler];

    [Key("Numbers of network evaluations per image: the x axis of the FID curve.", Minimum = 1, Maximum = 10_000, MinimumItems = 1, MaximumLength = 32)]
    public IReadOnlyList<int> Nfe { get; init; } = [1, 2, 4, 8];

    [Key("Output heads that drive the solver, from 1. Heads that a network does not have are left out.", Minimum = 1, Maximum = 3, MinimumItems = 1, MaximumLength = 3)]
    public IReadOnlyList<int> Heads { get; init; } = [1];

    [Key("Generated images per number. 0 makes no evaluations.", Minimum = 0, Maximum = 1_000_000)]
    public int Samples { get; init; } = 500;

    [Key("Images generated at a time.", Minimum = 1, Maximum = 65_536)]
    public int BatchSize { get; init; } = 250;

    [Key("Feature extractor. Numbers of unlike extractors are never ranked together.")]
    public string Extractor { get; init; } = "fashion-mnist-cnn-1";
}
