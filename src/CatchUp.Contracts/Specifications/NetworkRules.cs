namespace CatchUp.Contracts.Specifications;

/// <summary>What must hold between the keys of a network and its images.</summary>
internal static class NetworkRules
{
    /// <param name="dataset">In the shape that is asked for; null when that is not known.</param>
    public static void Check(RunSpecification specification, KnownDataset? dataset, List<SpecificationProblem> problems)
    {
        CheckResolution(specification, dataset, problems);
        CheckKind(specification.Network, dataset, problems);
        CheckGroupNormalisation(specification, problems);
    }

    private static void CheckResolution(RunSpecification specification, KnownDataset? dataset, List<SpecificationProblem> problems)
    {
        if (dataset is null)
        {
            return;
        }

        var network = specification.Network;
        if (dataset.Side % network.PatchSize != 0)
        {
            problems.Add(new("network.patchSize", $"Patches of {network.PatchSize} pixels do not divide the {dataset.Side}×{dataset.Side} images of {dataset.Name}. Use {SpecificationRules.Words(Divisors(dataset.Side))}."));
            return;
        }

        // The decoder doubles what the encoder halved: an odd side in between would not come back.
        var side = dataset.Side / network.PatchSize;
        var levels = network.ChannelMultipliers.Count;
        var possible = 1;
        while (possible < 6 && side % (1 << possible) == 0)
        {
            possible++;
        }

        if (levels > possible)
        {
            problems.Add(new("network.channelMultipliers", $"{levels} resolution levels halve the network's {side}×{side} pixels {levels - 1} times, which leaves a fraction of a pixel. Use at most {possible} multipliers with this data set and patchSize."));
            return;
        }

        var sides = Enumerable.Range(0, levels).Select(level => side >> level).ToList();
        // One that lies between two levels, as the paper's 16 does for 28×28 images, names no block and changes nothing.
        foreach (var resolution in network.AttentionResolutions.Where(resolution => resolution > sides[0] || resolution < sides[^1]).Take(1))
        {
            problems.Add(new("network.attentionResolutions", $"There are no blocks of resolution {resolution} to have attention: the levels are {SpecificationRules.Words(sides)}."));
        }

        if (network.Kind == NetworkKind.Adm)
        {
            CheckAttentionHeads(network, sides, problems);
        }
    }

    /// <summary>ADM's attention has heads of equal width, at the named resolutions and always at the lowest.</summary>
    private static void CheckAttentionHeads(NetworkSpecification network, List<int> sides, List<SpecificationProblem> problems)
    {
        var attending = network.ChannelMultipliers.Where((_, level) => level == sides.Count - 1 || network.AttentionResolutions.Contains(sides[level])).Select(multiplier => network.Channels * multiplier);
        if (attending.Cast<int?>().FirstOrDefault(channels => channels % network.ChannelsPerHead != 0) is { } odd)
        {
            problems.Add(new("network.channelsPerHead", $"Attention over {odd} channels cannot have heads of {network.ChannelsPerHead}. Use a divisor of {odd}, such as 32."));
        }
    }

    private static void CheckKind(NetworkSpecification network, KnownDataset? dataset, List<SpecificationProblem> problems)
    {
        if (!network.ResampleFilter.SequenceEqual([1, 1]) && !network.ResampleFilter.SequenceEqual([1, 3, 3, 1]))
        {
            problems.Add(new("network.resampleFilter", $"The resampling filter is [1, 1] or [1, 3, 3, 1], not [{SpecificationRules.Words(network.ResampleFilter)}]."));
        }

        if (network.Kind == NetworkKind.SongUNet)
        {
            if (network.ClassConditional)
            {
                problems.Add(new("network.classConditional", "songunet knows no classes. Use false, or network.kind adm."));
            }

            return;
        }

        Only(network.PatchSize == 1, "patchSize", "1");
        Only(network.Encoder == EncoderKind.Standard, "encoder", "standard");
        Only(network.ResampleFilter is [1, 1], "resampleFilter", "[1, 1]");
        Only(network.Embedding == TimeEmbedding.Positional, "embedding", "positional");
        Only(network.ChannelMultNoise == 1, "channelMultNoise", "1");
        if (network.ClassConditional && dataset is { Classes: 0 })
        {
            problems.Add(new("network.classConditional", $"The images of {dataset.Name} have no classes. Use false, or another data set."));
        }

        void Only(bool holds, string key, string value)
        {
            if (!holds)
            {
                problems.Add(new($"network.{key}", $"This is a choice of songunet; adm has none. Use {value}, or network.kind songunet."));
            }
        }
    }

    /// <summary>Group normalisation splits channels into min(32, channels/4) groups, of adm into 32 (METHOD, networks), also where the decoder joins a skip connection.</summary>
    private static void CheckGroupNormalisation(RunSpecification specification, List<SpecificationProblem> problems)
    {
        var (network, coupling) = (specification.Network, specification.Coupling);
        CheckGroups("network.channels", network, network.Kind == NetworkKind.Adm, problems);
        if (coupling.Kind == CouplingKind.Learned)
        {
            CheckGroups("coupling.encoderChannels", network with { Channels = coupling.EncoderChannels, Blocks = coupling.EncoderBlocks }, isAdm: false, problems);
        }
    }

    private static void CheckGroups(string key, NetworkSpecification network, bool isAdm, List<SpecificationProblem> problems)
    {
        foreach (var channels in NormalisedChannels(network))
        {
            var groups = isAdm ? 32 : Math.Min(32, channels / 4);
            if (channels % groups != 0)
            {
                var advice = isAdm ? "Use a multiple of 32." : "Use a multiple of 4, or of 32 where layers exceed 128 channels.";
                problems.Add(new(key, $"With {network.Channels} channels and the multipliers {SpecificationRules.Words(network.ChannelMultipliers)} a layer would have {channels} channels, which do not split into its {groups} groups. {advice}"));
                return;
            }
        }
    }

    private static IEnumerable<int> NormalisedChannels(NetworkSpecification network)
    {
        var skips = new Stack<int>([network.Channels]);
        var current = network.Channels;
        yield return current;
        for (var level = 0; level < network.ChannelMultipliers.Count; level++)
        {
            if (level > 0)
            {
                skips.Push(current);
            }

            for (var block = 0; block < network.Blocks; block++)
            {
                yield return current = network.Channels * network.ChannelMultipliers[level];
                skips.Push(current);
            }
        }

        for (var level = network.ChannelMultipliers.Count - 1; level >= 0; level--)
        {
            for (var block = 0; block <= network.Blocks; block++)
            {
                yield return current + skips.Pop();
                yield return current = network.Channels * network.ChannelMultipliers[level];
            }
        }
    }

    private static IEnumerable<int> Divisors(int side) => Enumerable.Range(1, 8).Where(size => side % size == 0);
}
