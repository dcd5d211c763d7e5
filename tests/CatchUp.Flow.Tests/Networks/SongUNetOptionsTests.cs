using CatchUp.Flow.Networks;

namespace CatchUp.Flow.Tests.Networks;

public sealed class SongUNetOptionsTests
{
    public static TheoryData<SongUNetOptions, string> Impossible => new()
    {
        { TestNetworks.Options with { Channels = 3 }, "channels" },
        { TestNetworks.Options with { ChannelMultipliers = [] }, "channel multiplier" },
        { TestNetworks.Options with { Blocks = 0 }, "block" },
        { TestNetworks.Options with { ImageSize = 14, ChannelMultipliers = [1, 1, 1], AttentionResolutions = [] }, "fraction" },
        { TestNetworks.Options with { PatchSize = 3 }, "patch size" },
        { TestNetworks.Options with { AttentionResolutions = [16] }, "resolution 16" },
        { TestNetworks.Options with { Dropout = 1 }, "dropout" },
        { TestNetworks.Options with { Phi = 1.5 }, "Phi" },
        { TestNetworks.Options with { Heads = 4 }, "heads" },
        { TestNetworks.Options with { ResampleFilter = [1, 2, 1] }, "filter" },
        { TestNetworks.Options with { TimeSteps = 0 }, "time steps" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Impossible_option_is_refused_with_its_name(SongUNetOptions options, string word)
    {
        Assert.Contains(word, Assert.Single(options.Problems()), StringComparison.Ordinal);
        Assert.Contains(word, Assert.Throws<ArgumentException>(() => new SongUNet(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_listed_at_once() =>
        Assert.Equal(3, (TestNetworks.Options with { Heads = 0, Blocks = 0, Dropout = -1 }).Problems().Count);

    [Fact]
    public void Possible_options_have_no_problems() => Assert.Empty(TestNetworks.Options.Problems());
}
