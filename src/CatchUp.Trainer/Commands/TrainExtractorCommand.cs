using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Evaluation;
using CatchUp.Flow.Evaluation.Extractors;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Weights;
using CatchUp.Trainer.Input;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Commands;

/// <summary>
/// <c>train-extractor --out DIR</c>: trains the classifier of fashion-mnist-cnn-1 on the full Fashion-MNIST and writes the folder
/// that ships: its weights, the features of the 60,000 training images, and a card. Numbers made with a folder of other hashes are
/// never ranked with those of this one, so a folder that has shipped is not replaced but followed by one of another name.
/// </summary>
internal static class TrainExtractorCommand
{
    private const string Name = "fashion-mnist-cnn-1", ReferenceFile = "reference-fashion-mnist-train.safetensors";
    private const int KeptReferenceFeatures = 2000;

    private static readonly JsonSerializerOptions CardFormat = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public static int Run(string[] args, TrainerSettings settings)
    {
        var arguments = new Arguments(args, ["--out", "--epochs"], []);
        var folder = Directory.CreateDirectory(arguments.Required("--out", "the folder to write to")).FullName;
        if (!int.TryParse(arguments.Option("--epochs") ?? "6", NumberStyles.None, CultureInfo.InvariantCulture, out var epochs) || epochs < 1)
        {
            throw new BadInputException("--epochs must be a whole number from 1.");
        }

        settings.Apply();
        using var training = settings.Datasets.Open(DatasetCatalog.FashionMnist);
        using var test = settings.Datasets.Open(DatasetCatalog.FashionMnist10k);
        using var classifier = ClassifierTraining.Train(training, epochs, (step, steps, loss) =>
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {step}/{steps}  loss {loss:0.000}")));
        var accuracy = ClassifierTraining.Accuracy(classifier, test);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"test accuracy {accuracy:0.0000}"));

        var weights = Path.Combine(folder, FeatureExtractor.WeightsFile);
        SafeTensors.Save(weights, NetworkWeights.Of(classifier));
        var reference = Path.Combine(folder, ReferenceFile);
        SaveReference(reference, classifier, training);
        var card = new ExtractorCard
        {
            Name = Name,
            Description = "A small convolutional classifier of Fashion-MNIST; the features are its 64 penultimate activations.",
            MadeBy = string.Create(CultureInfo.InvariantCulture, $"catchup-trainer train-extractor --epochs {epochs}"),
            TestAccuracy = accuracy,
            Preprocessing = "8-bit images, byte b taken as b / 127.5 − 1",
            Features = FashionClassifier.FeatureCount,
            WeightsSha256 = HashOf(weights),
            Reference = "fashion-mnist train",
            ReferenceImages = training.Count,
            ReferenceFile = ReferenceFile,
            ReferenceSha256 = HashOf(reference),
        };
        File.WriteAllText(Path.Combine(folder, FeatureExtractor.CardFile), JsonSerializer.Serialize(card, CardFormat) + "\n");
        return ExitStatus.Done;
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
