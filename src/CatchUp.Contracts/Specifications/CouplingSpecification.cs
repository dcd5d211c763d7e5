using System.Text.Json.Serialization;

namespace CatchUp.Contracts.Specifications;

public enum CouplingKind
{
    /// <summary>z₁ ~ N(0, I), whatever the image.</summary>
    [JsonStringEnumMemberName("independent")] Independent,

    /// <summary>z₁ from a noise encoder, a network that is trained along with the velocity.</summary>
    [JsonStringEnumMemberName("learned")] Learned,

    /// <summary>Noise and the image that the initial run's model makes of it; the data set's own images are not used.</summary>
    [JsonStringEnumMemberName("reflow")] Reflow,
}

public sealed record CouplingSpecification
{
    [Key("How noise is paired with images.")]
    public CouplingKind Kind { get; init; }

    [Key("Channels of the learned coupling's noise encoder, a songunet; its multipliers, attention, patches and dropout are the network's.", Minimum = 4, Maximum = 1024)]
    public int EncoderChannels { get; init; } = 32;

    [Key("Residual blocks per resolution level of the noise encoder.", Minimum = 1, Maximum = 16)]
    public int EncoderBlocks { get; init; } = 2;

    [Key("Weight β of the noise encoder's divergence from N(0, I), per data dimension.", Minimum = 0, Maximum = 1_000_000)]
    public double KlWeight { get; init; } = 20;

    [Key("Pairs that reflow makes with the initial run's model before training.", Minimum = 1, Maximum = 10_000_000)]
    public int Pairs { get; init; } = 50_000;

    [Key("Solver that makes the pairs of reflow.")]
    public SolverKind Solver { get; init; } = SolverKind.Euler;

    [Key("Network evaluations for each pair of reflow; rk45 counts its own.", Minimum = 1, Maximum = 10_000)]
    public int Nfe { get; init; } = 16;
}
