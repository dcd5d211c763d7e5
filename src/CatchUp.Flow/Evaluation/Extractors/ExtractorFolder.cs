using System.Text.Json;
using System.Text.Json.Serialization;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Evaluation.References;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Weights;
using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation.Extractors;

/// <summary>Writes the folder of <c>fashion-mnist-cnn-2</c>: weights, the features of the images they are compared with, and the card.</summary>
public static class ExtractorFolder
{
    private const string ReferenceFile = "reference-fashion-mnist-train.safetensors";
    private const int KeptReferenceFeatures = 2000;

    private static readonly JsonSerializerOptions CardFormat = new(JsonSerializerOptions.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

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
        SaveReference(reference, weights, training);
        var card = new ExtractorCard
        {
            Name = FeatureExtractor.FashionMnist,
            Description = "A small convolutional classifier of Fashion-MNIST; the features are its 64 penultimate activations.",
            MadeBy = madeBy,
            TestAccuracy = accuracy,
            Preprocessing = "8-bit images, byte b taken as b / 127.5 - 1",
            WeightsSha256 = ExtractorWeights.HashOf(weights),
            Reference = "fashion-mnist train",
            ReferenceImages = training.Count,
            ReferenceFile = ReferenceFile,
            ReferenceSha256 = ExtractorWeights.HashOf(reference),
        };
        File.WriteAllText(Path.Combine(folder, FeatureExtractor.CardFile), JsonSerializer.Serialize(card, CardFormat) + "\n");
    }

    private static void SaveReference(string path, string weights, ImageDataset training)
    {
        using var scope = NewDisposeScope();
        using var network = new FashionFeatureNetwork(weights, CPU);
        var (statistics, features) = DatasetReference.Compute(
            bytes => FeatureExtractor.Measure(network, bytes, CPU, withProbabilities: false).Features,
            network.FeatureCount,
            training,
            keepAtMost: KeptReferenceFeatures);
        Reference.Save(path, statistics, features);
        statistics.Dispose();
    }
}
