using System.Text.Json;
using CatchUp.Flow.Networks;

namespace CatchUp.Flow.Parity;

/// <summary>Translates a <c>config</c> in the published code's words into the options of a <see cref="SongUNet"/>.</summary>
internal static class SongUNetConfiguration
{
    /// <exception cref="InvalidDataException">Something is missing, or asks for what the network cannot do.</exception>
    public static SongUNetOptions Read(JsonElement config, int heads)
    {
        Require(ParityCase.NumberOr(config, "label_dim", 0) == 0, "class labels");
        Require(ParityCase.NumberOr(config, "augment_dim", 0) == 0, "augmentation labels");
        Require(ParityCase.TextOr(config, "decoder_type", "standard") == "standard", "this decoder_type");
        var options = new SongUNetOptions
        {
            ImageSize = (int)ParityCase.Number(config, "img_resolution"),
            InChannels = (int)ParityCase.Number(config, "in_channels"),
            OutChannels = (int)ParityCase.Number(config, "out_channels"),
            Channels = (int)ParityCase.Number(config, "model_channels"),
            ChannelMultipliers = Integers(config, "channel_mult"),
            Blocks = (int)ParityCase.Number(config, "num_blocks"),
            AttentionResolutions = Integers(config, "attn_resolutions"),
            Embedding = ParityCase.Text(config, "embedding_type") switch
            {
                "positional" => TimeEmbedding.Positional,
                "fourier" => TimeEmbedding.Fourier,
                var other => throw Unsupported($"the embedding_type '{other}'"),
            },
            ChannelMultNoise = (int)ParityCase.Number(config, "channel_mult_noise"),
            ChannelMultEmbedding = (int)ParityCase.Number(config, "channel_mult_emb"),
            Encoder = ParityCase.Text(config, "encoder_type") switch
            {
                "standard" => EncoderKind.Standard,
                "residual" => EncoderKind.Residual,
                var other => throw Unsupported($"the encoder_type '{other}'"),
            },
            ResampleFilter = Integers(config, "resample_filter"),
            Dropout = ParityCase.Number(config, "dropout"),
            PriorShakeDrop = ParityCase.Flag(config, "prior_shakedrop"),
            Phi = ParityCase.Number(config, "phi"),
            DiscreteTime = ParityCase.Flag(config, "discrete_time"),
            TimeSteps = (int)ParityCase.Number(config, "total_N"),
            Heads = heads,
        };

        // Published configurations may name attention resolutions that the network does not reach.
        var reached = Enumerable.Range(0, options.ChannelMultipliers.Count).Select(level => options.ImageSize >> level);
        return options with { AttentionResolutions = [.. options.AttentionResolutions.Intersect(reached)] };
    }

    public static List<int> Integers(JsonElement config, string name) => [.. ParityCase.Numbers(config, name).Select(value => (int)value)];

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw Unsupported(what);
        }
    }

    private static InvalidDataException Unsupported(string what) => new($"the network does not support {what}");
}
