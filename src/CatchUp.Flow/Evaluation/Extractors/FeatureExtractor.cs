using System.Text.Json;
using CatchUp.Flow.Downloads;
using CatchUp.Flow.Evaluation.Extractors.Inception;
using CatchUp.Flow.Evaluation.References;
using CatchUp.Flow.Weights;
using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation.Extractors;

/// <summary>
/// A frozen network that turns images into features. Its folder holds card.json, which names the weights by hash, and what it ships with;
/// files that are not what the card says are refused.
/// </summary>
public sealed class FeatureExtractor : IDisposable
{
    public const string CardFile = "card.json", WeightsFile = "weights.safetensors";

    public const string FashionMnist = "fashion-mnist-cnn-2", InceptionPyTorch = "inception-pytorch", InceptionTf = "inception-tf";

    private readonly FeatureNetwork network;
    private readonly Device device;
    private readonly string home;

    private FeatureExtractor(string name, ExtractorCard card, FeatureNetwork network, string home, string ownHome, Device device) =>
        (Name, Card, this.network, this.home, OwnFolder, this.device) = (name, card, network, home, ownHome, device);

    public static IReadOnlyList<string> Names { get; } = [FashionMnist, InceptionPyTorch, InceptionTf];

    public string Name { get; }

    public ExtractorCard Card { get; }

    /// <summary>Features of an image.</summary>
    public int FeatureCount => network.FeatureCount;

    /// <summary>Classes that its classifier tells apart.</summary>
    public int ClassCount => network.ClassCount;

    /// <summary>The folder of this extractor among the user's own: references are looked for and kept in it.</summary>
    public string OwnFolder { get; }

    /// <param name="folder">The folder of the extractors that ship with the product.</param>
    /// <param name="name">Which one.</param>
    /// <param name="ownFolder">The folder of the user's own extractors, looked into first; none when null.</param>
    /// <exception cref="ExtractorUnavailableException">It is not there or was changed; the message says what to do.</exception>
    public static FeatureExtractor Load(string folder, string name, Device device, string? ownFolder = null)
    {
        ownFolder ??= folder;
        if (!Names.Contains(name))
        {
            throw new ExtractorUnavailableException($"The feature extractor '{name}' is not known. Known are {string.Join(", ", Names)}.");
        }

        var ownHome = Path.Combine(ownFolder, name);
        var home = new[] { ownHome, Path.Combine(folder, name) }.FirstOrDefault(candidate => File.Exists(Path.Combine(candidate, CardFile)))
            ?? throw new ExtractorUnavailableException(HowToGet(name, ownHome));
        try
        {
            var card = JsonSerializer.Deserialize<ExtractorCard>(File.ReadAllBytes(Path.Combine(home, CardFile)), JsonSerializerOptions.Web)
                ?? throw new InvalidDataException($"{CardFile} is empty.");
            using var scope = NewDisposeScope();
            var weights = ExtractorWeights.Find(card, home);
            FeatureNetwork network = name switch
            {
                InceptionPyTorch => new InceptionFeatureNetwork(SafeTensors.Load(weights, device)),
                InceptionTf => new TorchScriptFeatureNetwork(weights, device),
                _ => new FashionFeatureNetwork(weights, device),
            };
            return new FeatureExtractor(name, card, network, home, ownHome, device);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or JsonException or UnauthorizedAccessException or DownloadFailedException)
        {
            throw new ExtractorUnavailableException($"The feature extractor '{name}' in {home} cannot be used: {error.Message} {Remedy(name)}", error);
        }
    }

    /// <exception cref="ExtractorUnavailableException">Images of this shape cannot be measured.</exception>
    public void CheckImages(int channels, int height, int width)
    {
        if (Name == FashionMnist && (channels, height, width) != (1, 28, 28))
        {
            throw new ExtractorUnavailableException($"The feature extractor '{Name}' measures grey 28×28 images, not {width}×{height} with {channels} channels. Choose another evaluation.extractor, or set evaluation.samples to 0.");
        }

        if (channels is not (1 or 3))
        {
            throw new ExtractorUnavailableException($"The feature extractor '{Name}' measures grey and colour images, not those of {channels} channels. Set evaluation.samples to 0.");
        }
    }

    /// <summary>The features of images.</summary>
    /// <param name="bytes">8-bit images, [images, channels, height, width].</param>
    /// <returns>[images, features], float32 on the CPU.</returns>
    public Tensor Features(Tensor bytes) => Measure(bytes, withProbabilities: false).Features;

    /// <summary>The features of images and, where wanted, the probabilities of their classes.</summary>
    /// <param name="bytes">8-bit images, [images, channels, height, width].</param>
    /// <param name="withProbabilities">Whether the classes are wanted too; for inception-tf that takes as long again.</param>
    /// <returns>[images, features] and [images, classes], float32 on the CPU, in the caller's dispose scope.</returns>
    public (Tensor Features, Tensor? Probabilities) Measure(Tensor bytes, bool withProbabilities)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return Measure(network, bytes, device, withProbabilities);
    }

    internal static (Tensor Features, Tensor? Probabilities) Measure(FeatureNetwork network, Tensor bytes, Device device, bool withProbabilities)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (features, probabilities) = (new List<Tensor>(), new List<Tensor>());
        foreach (var part in bytes.split(network.BatchSize))
        {
            using var inner = NewDisposeScope();
            var pixels = part.to(device).to(ScalarType.Float32);
            var partFeatures = network.Features(pixels);
            if (withProbabilities)
            {
                probabilities.Add(network.Probabilities(pixels, partFeatures).cpu().MoveToOuterDisposeScope());
            }

            features.Add(partFeatures.cpu().MoveToOuterDisposeScope());
        }

        return (cat(features, 0).MoveToOuterDisposeScope(), withProbabilities ? cat(probabilities, 0).MoveToOuterDisposeScope() : null);
    }

    /// <summary>The features of images that are being trained on: the gradient flows to the images, and the weights stay as they are.</summary>
    /// <param name="images">[images, channels, height, width] in about [-1, 1], not rounded to bytes.</param>
    /// <returns>[images, features], on the extractor's device.</returns>
    public Tensor DifferentiableFeatures(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var scope = NewDisposeScope();
        return network.Features(images.add(1).mul(127.5)).MoveToOuterDisposeScope();
    }

    /// <summary>The reference it ships with, or null.</summary>
    /// <exception cref="ExtractorUnavailableException">The file is damaged.</exception>
    public Reference? OwnReference()
    {
        if (Card is not { Reference: { } reference, ReferenceFile: { } file, ReferenceSha256: { } hash })
        {
            return null;
        }

        try
        {
            return Reference.Load(ExtractorWeights.Checked(Path.Combine(home, file), hash), reference, hash);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new ExtractorUnavailableException($"The reference of the feature extractor '{Name}' in {home} cannot be used: {error.Message} {Remedy(Name)}", error);
        }
    }

    public void Dispose() => network.Dispose();

    private static string HowToGet(string name, string ownHome) => name == FashionMnist
        ? $"The feature extractor '{name}' was not found, although it ships with the product: build the trainer again."
        : $"The feature extractor '{name}' needs weights that do not ship. Put a {CardFile} into {ownHome} (the folder of CATCHUP_EXTRACTORS), such as "
            + $"{{\"weights\": \"{Example(name)}\", \"weightsSha256\": \"its SHA-256\"}}: a path, or an http(s) address from which it is fetched once. See docs/extractors.md.";

    private static string Example(string name) => name == InceptionTf ? "/models/inception-2015-12-05.pt" : "/models/pt_inception-2015-12-05.safetensors";

    private static string Remedy(string name) => name == FashionMnist ? "Restore the folder from the repository." : $"Correct its {CardFile}, or the file it names. See docs/extractors.md.";
}
