using System.Text.Json.Serialization;

namespace CatchUp.Contracts.Specifications;

public enum CouplingKind
{
    /// <summary>z₁ ~ N(0, I), whatever the image.</summary>
    [JsonStringEnumMemberName("independent")] Independent,

    /// <summary>Noise and the image that the initial run's model makes of it; the data set's own images are not used.</summary>
    [JsonStringEnumMemberName("reflow")] Reflow,
}

public sealed record CouplingSpecification
{
    [Key("How noise is paired with images.")]
    public CouplingKind Kind { get; init; }

    [Key("Pairs that reflow makes with the initial run's model before training.", Minimum = 1, Maximum = 10_000_000)]
    public int Pairs { get; init; } = 50_000;

    [Key("Solver that makes the pairs of reflow.")]
    public SolverKind Solver { get; init; } = SolverKind.Euler;

    [Key("Network evaluations for each pair of reflow.", Minimum = 1, Maximum = 10_000)]
    public int Nfe { get; init; } = 16;
}
