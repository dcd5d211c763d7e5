using System.Security.Cryptography;
using System.Text.Json;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Weights;
using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation.Extractors;

/// <summary>Writes the folder of <c>fashion-mnist-cnn-1</c>: weights, the features of the images they are compared with, and the card.</summary>
public static class ExtractorFolder
{
    private const string Name = "fashion-mnist-cnn-1", ReferenceFile = "reference-fashion-mnist-train.safetensors";
    private const int KeptReferenceFeatures = 2000;

    private static readonly JsonSerializerOptions CardFormat = new(JsonSerializerOptions.Web) { WriteIndented = true };

    /// <param name="folder">Where to; files there are replaced.</param>
    /// <param name="classifier">The trained classifier, in evaluation mode.</param>
    /// <param name="training">The images that generated ones will be compared with.</param>
    /// <param name="accuracy">Share of test images it names right.</param>
    /// <param name="madeBy">The command that makes it again.</param>
    public static void Save(string folder, FashionClassifier classifier, ImageDataset training, double accuracy, string madeBy)
    {
        var weights = Path.Combine(folder, FeatureExtractor.WeightsFile);
        SafeTensors.Save(weights, NetworkWeights.Of(classifier));
        var reference = Path.Combine(folder, ReferenceFile);
        SaveReference(reference, classifier, training);
        var card = new ExtractorCard
        {
            Name = Name,
            Description = "A small convolutional classifier of Fashion-MNIST; the features are its 64 penultimate activations.",
            MadeBy = madeBy,
            TestAccuracy = accuracy,
            Preprocessing = "8-bit images, byte b taken as b / 127.5 - 1",
            Features = FashionClassifier.FeatureCount,
            WeightsSha256 = HashOf(weights),
            Reference = "fashion-mnist train",
            ReferenceImages = training.Count,
            ReferenceFile = ReferenceFile,
            ReferenceSha256 = HashOf(reference),
        };
        File.WriteAllText(Path.Combine(folder, FeatureExtractor.CardFile), JsonSerializer.Serialize(card, CardFormat) + "\n");
    }

    /// <summary>Statistics of all images, and the features of every thirtieth for kernel distances.</summary>
    private static void SaveReference(string path, FashionClassifier classifier, ImageDataset images)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var statistics = new FeatureStatistics(FashionClassifier.FeatureCount);
        var kept = new List<Tensor>();
        var every = images.Count / KeptReferenceFeatures;
        const int batch = 500;
        for (var first = 0; first < images.Count; first += batch)
        {
            using var batchScope = NewDisposeScope();
            var indices = Enumerable.Range(first, Math.Min(batch, images.Count - first)).Select(i => (long)i).ToArray();
            var features = classifier.Features(images.Images(indices)); // [batch, 64]
            statistics.Add(features);
            var places = indices.Where(index => index % every == 0).Select(index => index - first).ToArray();
            kept.Add(features.index_select(0, tensor(places)).MoveToOuterDisposeScope());
        }

        SafeTensors.Save(path, new Dictionary<string, Tensor>
        {
            ["count"] = tensor(statistics.Count),
            ["mean"] = statistics.Mean(),
            ["covariance"] = statistics.Covariance(),
            [FeatureExtractor.ReferenceFeaturesName] = cat(kept, 0),
        });
    }

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
