using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Launching;

/// <summary>A rough estimate of what training a network takes, from its specification alone. It was not compared with a device: a warning and the plan's disk space may rest on it, nothing else.</summary>
/// <param name="Parameters">Of the network, without a noise encoder.</param>
/// <param name="MemoryBytes">Weights, gradients, Adam's moments, the average, and the activations that the backward pass needs of a batch.</param>
internal sealed record NetworkSize(double Parameters, double MemoryBytes)
{
    /// <summary>Of a residual block's tensors so many are kept for the backward pass: two normalisations, two activations, two convolutions, dropout and the sum.</summary>
    private const int TensorsPerBlock = 8;

    /// <summary>Weights in float32 with their gradient, two moments and the average.</summary>
    private const int BytesPerParameter = 5 * 4;

    /// <summary>A checkpoint has the weights, two moments and the average; a snapshot the average.</summary>
    public double CheckpointBytes => Parameters * 16;

    public double SnapshotBytes => Parameters * 4;

    /// <summary>Null when the data set's shape is not known.</summary>
    public static NetworkSize? Of(RunSpecification run)
    {
        if (KnownDataset.Find(run.Data) is not { Side: > 0, Channels: > 0 } data)
        {
            return null;
        }

        var (parameters, activations) = UNet(run.Network, data.Side, run.Network.Channels, run.Network.Blocks);
        if (run.Coupling.Kind == CouplingKind.Learned)
        {
            var (encoder, encoding) = UNet(run.Network, data.Side, run.Coupling.EncoderChannels, run.Coupling.EncoderBlocks);
            return new NetworkSize(parameters + encoder, ((parameters + encoder) * BytesPerParameter) + (run.Training.BatchSize * (activations + encoding) * ActivationBytes(run)));
        }

        return new NetworkSize(parameters, (parameters * BytesPerParameter) + (run.Training.BatchSize * activations * ActivationBytes(run)));
    }

    private static double ActivationBytes(RunSpecification run) => run.Training.Precision == TrainingPrecision.Bf16 ? 2 : 4;

    private static (double Parameters, double Activations) UNet(NetworkSpecification network, int side, int channels, int blocks)
    {
        var (parameters, activations) = (0d, 0d);
        var resolution = side / (double)network.PatchSize;
        var embedding = 4d * channels;
        var below = (double)channels;
        foreach (var multiplier in network.ChannelMultipliers)
        {
            var width = (double)channels * multiplier;

            // Down: blocks from the level's own width, the first from the one above; up: one more, each with its skip connection beside it.
            parameters += (9 * below * width) + (9 * width * width * ((2 * blocks) - 1)) + ((blocks + 1) * ((9 * 2 * width * width) + (9 * width * width) + (2 * width * width))) + (((2 * blocks) + 1) * embedding * width);
            activations += ((2 * blocks) + 1.5) * TensorsPerBlock * width * resolution * resolution;
            if (network.AttentionResolutions.Contains((int)resolution))
            {
                parameters += ((2 * blocks) + 1) * 4 * width * width;
                activations += ((2 * blocks) + 1) * ((4 * width * resolution * resolution) + Math.Pow(resolution, 4));
            }

            below = width;
            resolution /= 2;
        }

        return (parameters, activations);
    }
}
