using System.Text.Json.Serialization;

namespace CatchUp.Contracts.Specifications;

public enum NetworkKind
{
    /// <summary>The DDPM++/NCSN++ U-Net in the EDM formulation (Song et al. 2021; Karras et al. 2022).</summary>
    [JsonStringEnumMemberName("songunet")] SongUNet,

    /// <summary>The guided-diffusion U-Net of ImageNet-64 (Dhariwal and Nichol 2021).</summary>
    [JsonStringEnumMemberName("adm")] Adm,
}

public enum EncoderKind
{
    /// <summary>Residual blocks only (DDPM++).</summary>
    [JsonStringEnumMemberName("standard")] Standard,

    /// <summary>An auxiliary branch carries the image down beside them (NCSN++).</summary>
    [JsonStringEnumMemberName("residual")] Residual,
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

    [Key("Channels that the levels have multiples of; for adm a multiple of 32.", Minimum = 4, Maximum = 1024)]
    public int Channels { get; init; } = 16;

    [Key("Channel multiplier of each resolution level, from the highest down.", Minimum = 1, Maximum = 16, MinimumItems = 1, MaximumLength = 6)]
    public IReadOnlyList<int> ChannelMultipliers { get; init; } = [2, 2];

    [Key("Residual blocks per resolution level.", Minimum = 1, Maximum = 16)]
    public int Blocks { get; init; } = 1;

    [Key("Resolutions (in the network's own pixels, after patching) whose blocks have self-attention.", Minimum = 1, Maximum = 512, MaximumLength = 6)]
    public IReadOnlyList<int> AttentionResolutions { get; init; } = [];

    [Key("Channels of one attention head of adm; songunet's attention has one head.", Minimum = 1, Maximum = 1024)]
    public int ChannelsPerHead { get; init; } = 64;

    [Key("Give the network the classes of the images; adm only, and the data set must have classes.")]
    public bool ClassConditional { get; init; }

    [Key("What the encoder of songunet does beside its residual blocks: nothing (DDPM++), or carry the image down (NCSN++).")]
    public EncoderKind Encoder { get; init; }

    [Key("Resampling filter of songunet: [1, 1] (DDPM++) or [1, 3, 3, 1] (NCSN++).", Minimum = 1, Maximum = 3, MinimumItems = 2, MaximumLength = 4)]
    public IReadOnlyList<int> ResampleFilter { get; init; } = [1, 1];

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
