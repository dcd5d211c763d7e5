using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Runs;

/// <summary>Averaged weights of a run, for use.</summary>
internal static class Snapshot
{
    /// <summary>The network of a specification with the weights of a snapshot whose hash is known, in evaluation mode.</summary>
    /// <exception cref="WeightFileRefusedException">The file is missing, torn or was changed, or holds another network.</exception>
    public static VelocityNetwork Load(string path, string sha256, RunSpecification specification, ImageDataset images, Device device)
    {
        using var scope = NewDisposeScope();
        var network = NetworkRecipe.Velocity(specification, ImageForm.Of(images));
        try
        {
            NetworkWeights.Load(network, WeightFile.Load(path, sha256, out _));
        }
        catch (InvalidDataException error)
        {
            network.Dispose();
            throw new WeightFileRefusedException($"{path} is refused: {error.Message}", error) { IsWhole = true };
        }

        network.to(device);
        network.eval();
        return network;
    }
}
