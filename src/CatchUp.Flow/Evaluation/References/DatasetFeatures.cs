using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Evaluation.Extractors;
using CatchUp.Flow.Weights;
using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation.References;

/// <summary>
/// The features of a data set's images, for finding the nearest of them: of all, or of a very large set of as many from everywhere in
/// it. Measured once, and kept in the extractor's own folder under a hash of extractor, data set and quantisation; where that folder
/// cannot be written they are measured each time.
/// </summary>
public sealed class DatasetFeatures : IDisposable
{
    /// <summary>Images at most: with 2,048 features they take half a GiB of memory.</summary>
    public const int MaximumImages = 1 << 16;

    private const int BatchSize = 500, TypicalOf = 256;
    private const string Folder = "features", FeaturesName = "features", TypicalName = "typical";

    private DatasetFeatures(Tensor features, double typical, int every) =>
        (Features, Typical, Every) = (features.DetachFromDisposeScope(), typical, every);

    /// <summary>[images, features], float32 on the CPU.</summary>
    public Tensor Features { get; }

    /// <summary>Row i is image i · Every of the data set.</summary>
    public int Every { get; }

    /// <summary>The median distance between an image and the one nearest to it.</summary>
    public double Typical { get; }

    public int Count => (int)Features.shape[0];

    /// <param name="beforeBatch">Called before every batch while they are measured; may throw to give up.</param>
    public static DatasetFeatures Open(FeatureExtractor extractor, ImageDataset images, Action? beforeBatch = null, int atMost = MaximumImages)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        ArgumentNullException.ThrowIfNull(images);
        var every = Math.Max(1, (images.Count + atMost - 1) / atMost);
        var path = Path.Combine(extractor.OwnFolder, Folder, Key(extractor, images, every) + ".safetensors");
        if (Load(path, images.Count, extractor.FeatureCount, every) is { } kept)
        {
            return kept;
        }

        using var scope = NewDisposeScope();
        var features = Measure(extractor.Features, images, every, beforeBatch);
        var typical = TypicalDistance(features);
        Keep(path, features, typical);
        return new DatasetFeatures(features, typical, every);
    }

    private static string Key(FeatureExtractor extractor, ImageDataset images, int every) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{extractor.Name}\n{extractor.Card.WeightsSha256}\n{images.Hash}\n{images.Count}×{images.Channels}×{images.Height}×{images.Width}\n8 bit\nevery {every}"))));

    private static Tensor Measure(Func<Tensor, Tensor> measure, ImageDataset images, int every, Action? beforeBatch)
    {
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        foreach (var indices in Enumerable.Range(0, (images.Count + every - 1) / every).Select(row => (long)row * every).Chunk(BatchSize))
        {
            beforeBatch?.Invoke();
            using var batchScope = NewDisposeScope();
            parts.Add(measure(images.Bytes(indices)).MoveToOuterDisposeScope());
        }

        return cat(parts, 0).MoveToOuterDisposeScope();
    }

    /// <summary>The median over images from everywhere in the set; 0 when there is one image only.</summary>
    private static double TypicalDistance(Tensor features)
    {
        var count = (int)features.shape[0];
        if (count < 2)
        {
            return 0;
        }

        using var scope = NewDisposeScope();
        var queries = Math.Min(TypicalOf, count);
        long[] places = [.. Enumerable.Range(0, queries).Select(i => (long)i * count / queries)];
        double[] distances = [.. NearestNeighbours.Of(features.index_select(0, tensor(places)), features, places).Distances.Order()];
        return distances[distances.Length / 2];
    }

    private static DatasetFeatures? Load(string path, int images, int featureCount, int every)
    {
        using var scope = NewDisposeScope();
        try
        {
            var tensors = SafeTensors.Load(path);
            return tensors.GetValueOrDefault(FeaturesName) is { dtype: ScalarType.Float32 } features && features.shape is [var rows, var columns] && rows == (images + every - 1) / every && columns == featureCount
                && tensors.GetValueOrDefault(TypicalName) is { dtype: ScalarType.Float64 } typical && typical.numel() == 1
                ? new DatasetFeatures(features, typical.item<double>(), every)
                : null;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null; // Not there, or torn: measured (again).
        }
    }

    private static void Keep(string path, Tensor features, double typical)
    {
        var part = $"{path}.{Guid.NewGuid():N}.part"; // other trainers may write the same at the same time
        try
        {
            using var scope = NewDisposeScope();
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            SafeTensors.Save(part, new Dictionary<string, Tensor> { [FeaturesName] = features, [TypicalName] = tensor(new[] { typical }) });
            File.Move(part, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The features are there; only the next run measures them again.
            if (File.Exists(part))
            {
                File.Delete(part);
            }
        }
    }

    public void Dispose() => Features.Dispose();
}
