using System.Security.Cryptography;
using System.Text.Json;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation.Extractors;

/// <summary>
/// A shipped network that turns images into features, with the features of the images they are compared with. A folder holds
/// card.json, weights.safetensors and the reference; files that are not what the card says are refused.
/// </summary>
public sealed class FeatureExtractor : IDisposable
{
    public const string CardFile = "card.json", WeightsFile = "weights.safetensors", ReferenceFeaturesName = "features";

    /// <summary>Images measured at a time; the features do not depend on it.</summary>
    private const int BatchSize = 250;

    private readonly FashionClassifier classifier;
    private readonly Device device;

    private FeatureExtractor(ExtractorCard card, FashionClassifier classifier, FeatureStatistics reference, Tensor referenceFeatures, Device device)
    {
        (Card, this.classifier, Reference, this.device) = (card, classifier, reference, device);
        ReferenceFeatures = referenceFeatures.DetachFromDisposeScope();
    }

    public ExtractorCard Card { get; }

    /// <summary>Statistics of all reference images.</summary>
    public FeatureStatistics Reference { get; }

    /// <summary>Features of some reference images, [images, features], float32 on the CPU: what kernel distances are measured against.</summary>
    public Tensor ReferenceFeatures { get; }

    /// <param name="folder">The folder of all extractors.</param>
    /// <param name="name">Which one.</param>
    /// <exception cref="ExtractorUnavailableException">It is not there or was changed.</exception>
    public static FeatureExtractor Load(string folder, string name, Device device)
    {
        var home = Path.Combine(folder, name);
        if (name.AsSpan().IndexOfAny('/', '\\') >= 0 || !File.Exists(Path.Combine(home, CardFile)))
        {
            throw new ExtractorUnavailableException($"The feature extractor '{name}' was not found in {folder}. {Known(folder)}");
        }

        try
        {
            var card = JsonSerializer.Deserialize<ExtractorCard>(File.ReadAllBytes(Path.Combine(home, CardFile)), JsonSerializerOptions.Web)!;
            using var scope = NewDisposeScope();
            var classifier = new FashionClassifier();
            NetworkWeights.Load(classifier, SafeTensors.Load(Checked(home, WeightsFile, card.WeightsSha256)));
            classifier.to(device);
            NetworkWeights.Freeze(classifier);
            var referencePath = Checked(home, card.ReferenceFile, card.ReferenceSha256);
            return new FeatureExtractor(card, classifier, FeatureStatistics.Load(referencePath), SafeTensors.Load(referencePath)[ReferenceFeaturesName], device);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or JsonException or KeyNotFoundException or UnauthorizedAccessException)
        {
            throw new ExtractorUnavailableException($"The feature extractor '{name}' in {home} cannot be used: {error.Message}", error);
        }
    }

    /// <exception cref="ExtractorUnavailableException">Images of this shape cannot be measured.</exception>
    public void CheckImages(int channels, int height, int width)
    {
        if ((channels, height, width) != (1, 28, 28))
        {
            throw new ExtractorUnavailableException($"The feature extractor '{Card.Name}' measures grey 28×28 images, not {width}×{height} with {channels} channels. Choose another evaluation.extractor, or set evaluation.samples to 0.");
        }
    }

    /// <summary>The features of images.</summary>
    /// <param name="bytes">8-bit images, [images, 1, 28, 28].</param>
    /// <returns>[images, features], float32 on the CPU.</returns>
    public Tensor Features(Tensor bytes)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var parts = bytes.split(BatchSize).Select(part =>
        {
            using var inner = NewDisposeScope();
            return classifier.Features(PixelRange.FromBytes(part.to(device))).cpu().MoveToOuterDisposeScope();
        });
        return cat([.. parts], 0).MoveToOuterDisposeScope();
    }

    /// <summary>The features of images in [-1, 1], [batch, 1, 28, 28], neither rounded to 8 bits nor cut off, so that gradients flow through: for a loss.</summary>
    public Tensor DifferentiableFeatures(Tensor images) => classifier.Features(images);

    public void Dispose()
    {
        classifier.Dispose();
        Reference.Dispose();
        ReferenceFeatures.Dispose();
    }

    private static string Checked(string folder, string file, string sha256)
    {
        var path = Path.Combine(folder, file);
        using var stream = File.OpenRead(path);
        var found = Convert.ToHexStringLower(SHA256.HashData(stream));
        return found == sha256 ? path : throw new InvalidDataException($"the SHA-256 of {file} is {found}, its card says {sha256}. Restore the folder from the repository.");
    }

    private static string Known(string folder) => Directory.Exists(folder)
        ? $"Known are {string.Join(", ", Directory.EnumerateDirectories(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal))}."
        : "The folder ships with the product: build the trainer again.";
}
