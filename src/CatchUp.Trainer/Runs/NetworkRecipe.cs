using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Networks;
using CatchUp.Trainer.Input;

namespace CatchUp.Trainer.Runs;

/// <summary>Builds the networks that a specification describes, on the CPU, with new weights from torch's global generator.</summary>
internal static class NetworkRecipe
{
    /// <summary>The velocity network v(z, t).</summary>
    /// <exception cref="BadInputException">No such network can be built for these images.</exception>
    public static VelocityNetwork Velocity(RunSpecification specification, ImageForm images)
    {
        var objective = specification.Objective;
        var (discrete, timeSteps, heads) = (objective.Time == TimeKind.Discrete, objective.TimeSteps, SpecificationRules.HeadsOf(objective));
        if (specification.Network.Kind == NetworkKind.Adm)
        {
            return new AdmUNet(Possible(Adm(specification.Network, images) with { DiscreteTime = discrete, TimeSteps = timeSteps, Heads = heads }, options => options.Problems()));
        }

        return specification.Network.ClassConditional
            ? throw new BadInputException("network.classConditional: songunet knows no classes. Use false, or network.kind adm.")
            : new SongUNet(Possible(Song(specification.Network, images) with { DiscreteTime = discrete, TimeSteps = timeSteps, Heads = heads }, options => options.Problems()));
    }

    /// <summary>The noise encoder of a learned coupling, which follows the velocity network in all but its size; null for other couplings.</summary>
    /// <exception cref="BadInputException">No such network can be built for these images.</exception>
    public static SongUNet? NoiseEncoder(RunSpecification specification, ImageForm images)
    {
        var coupling = specification.Coupling;
        return coupling.Kind != CouplingKind.Learned ? null : new SongUNet(Possible(
            Song(specification.Network, images) with
            {
                OutChannels = 2 * images.Channels,
                Channels = coupling.EncoderChannels,
                Blocks = coupling.EncoderBlocks,
                PriorShakeDrop = false, // it only ever sees t = 1
            },
            options => options.Problems()));
    }

    private static SongUNetOptions Song(NetworkSpecification network, ImageForm images) => new()
    {
        ImageSize = SideOf(images),
        InChannels = images.Channels,
        OutChannels = images.Channels,
        Channels = network.Channels,
        ChannelMultipliers = network.ChannelMultipliers,
        Blocks = network.Blocks,
        AttentionResolutions = network.AttentionResolutions,
        Embedding = network.Embedding switch
        {
            Contracts.Specifications.TimeEmbedding.Positional => Flow.Networks.TimeEmbedding.Positional,
            _ => Flow.Networks.TimeEmbedding.Fourier,
        },
        ChannelMultNoise = network.ChannelMultNoise,
        Encoder = network.Encoder switch
        {
            Contracts.Specifications.EncoderKind.Standard => Flow.Networks.EncoderKind.Standard,
            _ => Flow.Networks.EncoderKind.Residual,
        },
        ResampleFilter = network.ResampleFilter,
        Dropout = network.Dropout,
        PriorShakeDrop = network.PriorShakeDrop,
        Phi = network.Phi,
        PatchSize = network.PatchSize,
    };

    private static AdmUNetOptions Adm(NetworkSpecification network, ImageForm images) => new()
    {
        ImageSize = SideOf(images),
        InChannels = images.Channels,
        OutChannels = images.Channels,
        Channels = network.Channels,
        ChannelMultipliers = network.ChannelMultipliers,
        Blocks = network.Blocks,
        AttentionResolutions = network.AttentionResolutions,
        ChannelsPerHead = network.ChannelsPerHead,
        Classes = !network.ClassConditional ? 0 : images.Classes > 0
            ? images.Classes
            : throw new BadInputException($"network.classConditional: the images of '{images.Dataset}' have no classes. Use false, or another data set."),
        Dropout = network.Dropout,
        PriorShakeDrop = network.PriorShakeDrop,
        Phi = network.Phi,
    };

    private static int SideOf(ImageForm images) => images.Height == images.Width
        ? images.Width
        : throw new BadInputException($"data.dataset: the network takes square images; those of '{images.Dataset}' are {images.Width}×{images.Height}.");

    private static TOptions Possible<TOptions>(TOptions options, Func<TOptions, IReadOnlyList<string>> problems) => problems(options) is { Count: > 0 } found
        ? throw new BadInputException($"network: {string.Join(" ", found)}")
        : options;
}
