using CatchUp.Flow.Weights;
using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation.References;

/// <summary>What generated images are compared with: statistics of real images' features, and the features of some of them where they are there.</summary>
public sealed class Reference : IDisposable
{
    private const string FeaturesName = "features";

    public Reference(string name, string sha256, FeatureStatistics statistics, Tensor? features)
    {
        (Name, Sha256, Statistics) = (name, sha256, statistics);
        Features = features?.DetachFromDisposeScope();
    }

    /// <summary>In words: "fashion-mnist train".</summary>
    public string Name { get; }

    /// <summary>A hash over all that decides its numbers.</summary>
    public string Sha256 { get; }

    public FeatureStatistics Statistics { get; }

    /// <summary>Features of some images, [images, features], float32 on the CPU; null where only statistics are known.</summary>
    public Tensor? Features { get; }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is torn or holds something else.</exception>
    public static Reference Load(string path, string name, string sha256)
    {
        using var scope = NewDisposeScope();
        var statistics = FeatureStatistics.Load(path);
        var features = SafeTensors.Load(path).GetValueOrDefault(FeaturesName);
        if (features is null || features.dim() != 2 || features.shape[1] != statistics.Dimensions || features.dtype != ScalarType.Float32)
        {
            statistics.Dispose();
            throw new InvalidDataException($"{path}: '{FeaturesName}' must be [images, {statistics.Dimensions}].");
        }

        return new Reference(name, sha256, statistics, features);
    }

    /// <summary>Writes statistics and features to a safetensors file.</summary>
    public static void Save(string path, FeatureStatistics statistics, Tensor features) => statistics.Save(path, more: new Dictionary<string, Tensor> { [FeaturesName] = features });

    public void Dispose()
    {
        Statistics.Dispose();
        Features?.Dispose();
    }
}
