using System.Security.Cryptography;
using CatchUp.Contracts.Journal;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Evaluation;
using CatchUp.Flow.Evaluation.Extractors;
using CatchUp.Flow.Evaluation.References;
using CatchUp.Trainer.Pictures;
using CatchUp.Trainer.Runs;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Evaluations;

/// <summary>Finds the training images that generated ones resemble most. The data set is measured when the first grid asks.</summary>
/// <param name="extractor">Stays the caller's to dispose.</param>
internal sealed class TrainingNeighbours(FeatureExtractor extractor, ImageDataset images, StopSignal stop) : IDisposable
{
    private DatasetFeatures? features;

    /// <summary>The nearest training images of generated ones as a grid, and what is known of them; without the name of a file.</summary>
    /// <param name="generated">[count, channels, height, width] in [-1, 1].</param>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public (ImageGrid Grid, SampleNeighbours Neighbours) Of(Tensor generated)
    {
        using var scope = NewDisposeScope();
        features ??= DatasetFeatures.Open(extractor, images, stop.ThrowIfRequested);
        var nearest = NearestNeighbours.Of(extractor.Features(PixelRange.ToBytes(generated)), features.Features);
        long[] indices = [.. nearest.Indices.Select(row => row * features.Every)];
        var grid = ImageGrid.From(images.Images(indices));
        return (grid, new SampleNeighbours
        {
            File = "",
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(grid.Png)),
            Bytes = grid.Png.Length,
            Extractor = extractor.Name,
            Dataset = images.Name,
            Images = features.Count,
            Indices = [.. indices.Select(index => (int)index)],
            Distances = nearest.Distances,
            Typical = features.Typical,
        });
    }

    public void Dispose() => features?.Dispose();
}
