using CatchUp.Flow.Networks;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Networks;

/// <summary>Small networks whose weights are random throughout: new ones are nearly zero at the end, which hides mistakes.</summary>
internal static class TestNetworks
{
    public static SongUNetOptions Options { get; } = new()
    {
        ImageSize = 8,
        InChannels = 1,
        OutChannels = 1,
        Channels = 8,
        ChannelMultipliers = [1, 2],
        Blocks = 1,
        AttentionResolutions = [4],
    };

    public static SongUNet Create(SongUNetOptions? options = null, long seed = 1)
    {
        random.manual_seed(seed);
        var network = new SongUNet(options ?? Options);
        Randomise(network);
        return network;
    }

    public static void Randomise(nn.Module network)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (name, parameter) in network.named_parameters())
        {
            var noise = randn_like(parameter) * (parameter.dim() > 1 ? Math.Sqrt(1.0 / (parameter.numel() / parameter.shape[0])) : 0.2);
            parameter.copy_(name.Contains("norm", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal) ? noise + 1 : noise);
        }
    }

    public static double LargestDifference(Tensor left, Tensor right)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(left.shape, right.shape);
        return (left - right).abs().max().to(ScalarType.Float64).item<double>();
    }
}
