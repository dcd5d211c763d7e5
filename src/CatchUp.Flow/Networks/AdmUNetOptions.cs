namespace CatchUp.Flow.Networks;

/// <summary>The shape of an <see cref="AdmUNet"/>. Defaults are those of ADM for ImageNet-64 (Dhariwal and Nichol 2021), without classes, one head, continuous time.</summary>
public sealed record AdmUNetOptions
{
    /// <summary>Side of the square images, in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Channels of the images.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels of the output.</summary>
    public required int OutChannels { get; init; }

    /// <summary>Channels at the highest resolution, in multiples of 32: the groups of every normalisation.</summary>
    public int Channels { get; init; } = 192;

    /// <summary>Channel multiplier of each resolution, from the highest down; each resolution has half the side of the one before.</summary>
    public IReadOnlyList<int> ChannelMultipliers { get; init; } = [1, 2, 3, 4];

    /// <summary>Residual blocks per resolution in the encoder; the decoder has one more.</summary>
    public int Blocks { get; init; } = 3;

    /// <summary>Resolutions whose blocks have self-attention. The middle block always has.</summary>
    public IReadOnlyList<int> AttentionResolutions { get; init; } = [];

    /// <summary>Channels of one attention head.</summary>
    public int ChannelsPerHead { get; init; } = 64;

    /// <summary>Classes that the velocity depends on; 0 for none.</summary>
    public int Classes { get; init; }

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

    /// <summary>Side of each resolution level, from the highest down.</summary>
    internal IEnumerable<int> Resolutions => Enumerable.Range(0, ChannelMultipliers.Count).Select(level => ImageSize >> level);

    /// <summary>What makes these options impossible, in words; empty when nothing does.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Check(ImageSize >= 1 && InChannels >= 1 && OutChannels >= 1, "The image size and the channels of images must be at least 1.");
        Check(Channels >= 32 && Channels % 32 == 0, $"The channels must be a multiple of 32, the groups of every normalisation, not {Channels}.");
        Check(ChannelMultipliers.Count >= 1 && ChannelMultipliers.All(multiplier => multiplier >= 1), "There must be at least one channel multiplier, each at least 1.");
        Check(Blocks >= 1, $"There must be at least 1 block per resolution, not {Blocks}.");
        Check(ChannelsPerHead >= 1, $"The channels of an attention head must be at least 1, not {ChannelsPerHead}.");
        Check(Classes >= 0, $"The classes must be at least 0, not {Classes}.");
        Check(Dropout is >= 0 and < 1, $"The dropout must be at least 0 and below 1, not {Dropout}.");
        Check(Phi is >= 0 and <= 1, $"Phi must lie in 0 to 1, not {Phi}.");
        Check(TimeSteps >= 1, $"The time steps must be at least 1, not {TimeSteps}.");
        Check(Heads is >= 1 and <= 3, $"The heads must be 1, 2 or 3, not {Heads}.");
        if (problems.Count > 0)
        {
            return problems;
        }

        var halvings = ChannelMultipliers.Count - 1;
        Check(ImageSize % (1 << halvings) == 0, $"{ChannelMultipliers.Count} resolutions halve the side {ImageSize} {halvings} times, which leaves a fraction. Use fewer channel multipliers.");
        foreach (var resolution in AttentionResolutions.Where(resolution => resolution > ImageSize || resolution < ImageSize >> halvings))
        {
            problems.Add($"There are no blocks of resolution {resolution} to have attention; the resolutions are {string.Join(", ", Resolutions)}.");
        }

        // The middle block has the lowest resolution's channels, and always attention.
        var attending = Resolutions.Zip(ChannelMultipliers, (side, multiplier) => (side, channels: Channels * multiplier)).Where((level, index) => index == halvings || AttentionResolutions.Contains(level.side));
        foreach (var (side, channels) in attending.Where(level => level.channels % ChannelsPerHead != 0))
        {
            problems.Add($"The {channels} channels at resolution {side} cannot be divided into attention heads of {ChannelsPerHead}.");
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
