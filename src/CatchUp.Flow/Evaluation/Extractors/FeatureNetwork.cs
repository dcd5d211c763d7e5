using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation.Extractors;

/// <summary>The network of a feature extractor with its preprocessing. Weights are frozen; gradients flow to the pixels.</summary>
internal abstract class FeatureNetwork : IDisposable
{
    public abstract int FeatureCount { get; }

    public abstract int ClassCount { get; }

    /// <summary>Images measured at a time; numbers do not depend on it.</summary>
    public abstract int BatchSize { get; }

    /// <summary>Features [images, features] of pixels [images, channels, height, width] from 0 to 255, float32.</summary>
    public abstract Tensor Features(Tensor pixels);

    /// <summary>Class probabilities [images, classes] of the same pixels and their features.</summary>
    public abstract Tensor Probabilities(Tensor pixels, Tensor features);

    public abstract void Dispose();

    /// <summary>Grey images with their one channel three times.</summary>
    private protected static Tensor InColour(Tensor pixels) => pixels.shape[1] == 1 ? pixels.expand(-1, 3, -1, -1) : pixels;
}
