using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Evaluation.Extractors;
using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation.References;

/// <summary>
/// The reference of a data set: computed once, and kept in the extractor's own folder under a hash of extractor, data set and
/// quantisation. Where that folder cannot be written it is computed each time.
/// </summary>
internal static class DatasetReference
{
    private const int BatchSize = 500;

    /// <summary>The hash that names it, and that every number measured against it carries; known before it is computed.</summary>
    public static string Key(FeatureExtractor extractor, ImageDataset images) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{extractor.Name}\n{extractor.Card.WeightsSha256}\n{images.Hash}\n{images.Count}×{images.Channels}×{images.Height}×{images.Width}\n8 bit\n{GeneratedFeatures.KeptSamples}"))));

    /// <param name="beforeBatch">Called before every batch with (images done, images in all); may throw to give up.</param>
    public static Reference Open(FeatureExtractor extractor, ImageDataset images, Action<int, int>? beforeBatch)
    {
        var key = Key(extractor, images);
        var path = Path.Combine(extractor.OwnFolder, ReferenceSource.Folder, key + ".safetensors");
        try
        {
            return Reference.Load(path, images.Name, key);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // Not there, or torn: made (again) below.
        }

        using var scope = NewDisposeScope();
        var (statistics, features) = Compute(extractor.Features, extractor.FeatureCount, images, beforeBatch);
        Keep(path, statistics, features);
        return new Reference(images.Name, key, statistics, features);
    }

    /// <summary>Statistics of all images, and the features of every n-th: of all classes alike, should the images be in their order.</summary>
    public static (FeatureStatistics Statistics, Tensor Features) Compute(
        Func<Tensor, Tensor> measure, int featureCount, ImageDataset images, Action<int, int>? beforeBatch = null, int keepAtMost = GeneratedFeatures.KeptSamples)
    {
        using var scope = NewDisposeScope();
        var statistics = new FeatureStatistics(featureCount);
        try
        {
            var kept = new List<Tensor>();
            var every = (images.Count + keepAtMost - 1) / keepAtMost;
            for (var first = 0; first < images.Count; first += BatchSize)
            {
                beforeBatch?.Invoke(first, images.Count);
                using var batchScope = NewDisposeScope();
                var indices = Enumerable.Range(first, Math.Min(BatchSize, images.Count - first)).Select(i => (long)i).ToArray();
                var features = measure(images.Bytes(indices)); // [batch, features]
                statistics.Add(features);
                var places = indices.Where(index => index % every == 0).Select(index => index - first).ToArray();
                kept.Add(features.index_select(0, tensor(places)).MoveToOuterDisposeScope());
            }

            return (statistics, cat(kept, 0).MoveToOuterDisposeScope());
        }
        catch
        {
            statistics.Dispose();
            throw;
        }
    }

    private static void Keep(string path, FeatureStatistics statistics, Tensor features)
    {
        var part = $"{path}.{Guid.NewGuid():N}.part"; // other trainers may write the same at the same time
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            Reference.Save(part, statistics, features);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The numbers are there; only the next run computes them again.
            if (File.Exists(part))
            {
                File.Delete(part);
            }
        }
    }
}
