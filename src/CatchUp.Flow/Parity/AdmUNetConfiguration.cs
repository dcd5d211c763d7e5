using System.Text.Json;
using CatchUp.Flow.Networks;

namespace CatchUp.Flow.Parity;

/// <summary>Translates a <c>config</c> in the published code's words into the options of an <see cref="AdmUNet"/>.</summary>
internal static class AdmUNetConfiguration
{
    /// <exception cref="InvalidDataException">Something is missing, or asks for what the network cannot do.</exception>
    public static AdmUNetOptions Read(JsonElement config)
    {
        if (!ParityCase.Flag(config, "scale_shift_norm") || !ParityCase.Flag(config, "resblock_updown"))
        {
            throw new InvalidDataException("the network supports scale_shift_norm and resblock_updown only");
        }

        var options = new AdmUNetOptions
        {
            ImageSize = (int)ParityCase.Number(config, "img_resolution"),
            InChannels = (int)ParityCase.Number(config, "in_channels"),
            OutChannels = (int)ParityCase.Number(config, "out_channels"),
            Channels = (int)ParityCase.Number(config, "model_channels"),
            ChannelMultipliers = SongUNetConfiguration.Integers(config, "channel_mult"),
            Blocks = (int)ParityCase.Number(config, "num_blocks"),
            AttentionResolutions = SongUNetConfiguration.Integers(config, "attn_resolutions"),
            ChannelsPerHead = (int)ParityCase.Number(config, "num_head_channels"),
            Classes = (int)ParityCase.NumberOr(config, "num_classes", 0),
            PriorShakeDrop = ParityCase.Flag(config, "prior_shakedrop"),
            Phi = ParityCase.Number(config, "phi"),
            Heads = (int)ParityCase.NumberOr(config, "heads", 1),
        };
        return options with { AttentionResolutions = [.. options.AttentionResolutions.Intersect(options.Resolutions)] };
    }
}
