namespace CatchUp.Flow.Networks;

/// <summary>The shape of a <see cref="SongUNet"/>. Defaults are DDPM++ as in EDM (Karras et al. 2022, table 1), one head, continuous time.</summary>
public sealed record SongUNetOptions
{
    /// <summary>Side of the square images, in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Channels of the images.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels of the output, before patches are unfolded: the image's, or twice as many for a noise encoder.</summary>
    public required int OutChannels { get; init; }

    /// <summary>Channels at the highest resolution.</summary>
    public int Channels { get; init; } = 128;

    /// <summary>Channel multiplier of each resolution, from the highest down; each resolution has half the side of the one before.</summary>
    public IReadOnlyList<int> ChannelMultipliers { get; init; } = [2, 2, 2];

    /// <summary>Residual blocks per resolution in the encoder; the decoder has one more.</summary>
    public int Blocks { get; init; } = 4;

    /// <summary>Resolutions, in the network's own pixels after patching, whose blocks have self-attention.</summary>
    public IReadOnlyList<int> AttentionResolutions { get; init; } = [];

    public TimeEmbedding Embedding { get; init; }

    /// <summary>Width of the time embedding as a multiple of <see cref="Channels"/>.</summary>
    public int ChannelMultNoise { get; init; } = 1;

    /// <summary>Width of the layers after it as a multiple of <see cref="Channels"/>.</summary>
    public int ChannelMultEmbedding { get; init; } = 4;

    public EncoderKind Encoder { get; init; }

    /// <summary>The resampling filter, normalised to sum 1: [1, 1] in DDPM++, [1, 3, 3, 1] in NCSN++.</summary>
    public IReadOnlyList<int> ResampleFilter { get; init; } = [1, 1];

    /// <summary>Dropout probability inside residual blocks, in training.</summary>
    public double Dropout { get; init; }

    /// <summary>Prior ShakeDrop: weigh a decoder block's features against its skip by time, in training and sampling.</summary>
    public bool PriorShakeDrop { get; init; }

    /// <summary>φ of Prior ShakeDrop.</summary>
    public double Phi { get; init; } = 0.75;

    /// <summary>The network is fed indices n and divides them by <see cref="TimeSteps"/>.</summary>
    public bool DiscreteTime { get; init; }

    /// <summary>N of the time grid.</summary>
    public int TimeSteps { get; init; } = 16;

    /// <summary>Output heads: 1 for RK12, 2 for RK23, 3 for RK34.</summary>
    public int Heads { get; init; } = 1;

    /// <summary>Side of the pixel patches that are folded into channels around the whole network; 1 folds nothing.</summary>
    public int PatchSize { get; init; } = 1;

    /// <summary>Side of the images as the network's own layers see them.</summary>
    internal int Resolution => ImageSize / PatchSize;

    /// <summary>What makes these options impossible, in words; empty when nothing does.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Check(ImageSize >= 1 && InChannels >= 1 && OutChannels >= 1, "The image size and the channels of images must be at least 1.");
        Check(Channels >= 4 && Channels % 2 == 0, $"The channels must be even and at least 4, not {Channels}.");
        Check(ChannelMultipliers.Count >= 1 && ChannelMultipliers.All(multiplier => multiplier >= 1), "There must be at least one channel multiplier, each at least 1.");
        Check(Blocks >= 1, $"There must be at least 1 block per resolution, not {Blocks}.");
        Check(ChannelMultNoise >= 1 && ChannelMultEmbedding >= 1, "The multiples of the time embedding must be at least 1.");
        Check(ResampleFilter.Count is 2 or 4 && ResampleFilter.All(tap => tap > 0), "The resampling filter must have 2 or 4 positive taps.");
        Check(Dropout is >= 0 and < 1, $"The dropout must be at least 0 and below 1, not {Dropout}.");
        Check(Phi is >= 0 and <= 1, $"Phi must lie in 0 to 1, not {Phi}.");
        Check(TimeSteps >= 1, $"The time steps must be at least 1, not {TimeSteps}.");
        Check(Heads is >= 1 and <= 3, $"The heads must be 1, 2 or 3, not {Heads}.");
        Check(PatchSize >= 1 && ImageSize % Math.Max(PatchSize, 1) == 0, $"The image size {ImageSize} is no multiple of the patch size {PatchSize}.");
        if (problems.Count > 0)
        {
            return problems;
        }

        var lowest = 1 << (ChannelMultipliers.Count - 1);
        Check(Resolution % lowest == 0, $"{ChannelMultipliers.Count} resolutions halve the side {Resolution} {ChannelMultipliers.Count - 1} times, which leaves a fraction. Use fewer channel multipliers, or another patch size.");
        var resolutions = Enumerable.Range(0, ChannelMultipliers.Count).Select(level => Resolution >> level).ToList();
        // One that lies between two levels, as the paper's 16 does for 28×28 images, names no block and changes nothing.
        foreach (var resolution in AttentionResolutions.Where(resolution => resolution > resolutions[0] || resolution < resolutions[^1]))
        {
            problems.Add($"There are no blocks of resolution {resolution} to have attention; the resolutions are {string.Join(", ", resolutions)}.");
        }

        return problems;

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }
}
