using System.Text.Json.Serialization;

namespace CatchUp.Contracts.Specifications;

public enum NetworkKind
{
    /// <summary>The DDPM++/NCSN++ U-Net in the EDM formulation (Song et al. 2021; Karras et al. 2022).</summary>
    [JsonStringEnumMemberName("songunet")] SongUNet,
}

public enum TimeEmbedding
{
    [JsonStringEnumMemberName("positional")] Positional,
    [JsonStringEnumMemberName("fourier")] Fourier,
}

public sealed record NetworkSpecification
{
    [Key("Architecture of the network.")]
    public NetworkKind Kind { get; init; } = NetworkKind.SongUNet;

    [Key("Channels at the highest resolution; the other levels have multiples of it.", Minimum = 4, Maximum = 1024)]
    public int Channels { get; init; } = 16;

    [Key("Channel multiplier of each resolution level, from the highest down.", Minimum = 1, Maximum = 16, MinimumItems = 1, MaximumLength = 6)]
    public IReadOnlyList<int> ChannelMultipliers { get; init; } = [2, 2];

    [Key("Residual blocks per resolution level.", Minimum = 1, Maximum = 16)]
    public int Blocks { get; init; } = 1;

    [Key("Resolutions (in the network's own pixels, after patching) whose blocks have self-attention.", Minimum = 1, Maximum = 512, MaximumLength = 6)]
    public IReadOnlyList<int> AttentionResolutions { get; init; } = [];

    [Key("How the time t is embedded.")]
    public TimeEmbedding Embedding { get; init; } = TimeEmbedding.Positional;

    [Key("Width of the time embedding, as a multiple of channels.", Minimum = 1, Maximum = 16)]
    public int ChannelMultNoise { get; init; } = 1;

    [Key("Dropout probability inside residual blocks.", Minimum = 0, Maximum = 0.95)]
    public double Dropout { get; init; }

    [Key("Side of the pixel patches that are folded into channels before the network: 1 leaves the image as it is, 2 quarters the cost.", Minimum = 1, Maximum = 8)]
    public int PatchSize { get; init; } = 1;

    [Key("Prior ShakeDrop: weigh a decoder block's own features against its skip connection by time.")]
    public bool PriorShakeDrop { get; init; }

    [Key("φ of Prior ShakeDrop; 0.5 weighs both sides alike.", Minimum = 0, Maximum = 1)]
    public double Phi { get; init; } = 0.75;
}
