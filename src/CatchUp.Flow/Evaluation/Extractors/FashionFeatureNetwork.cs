using CatchUp.Flow.Networks;
using CatchUp.Flow.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation.Extractors;

/// <summary>The classifier of clothes behind fashion-mnist-cnn-2.</summary>
internal sealed class FashionFeatureNetwork : FeatureNetwork
{
    private readonly FashionClassifier classifier = new();

    /// <exception cref="InvalidDataException">The file does not hold its weights.</exception>
    public FashionFeatureNetwork(string weights, Device device)
    {
        using var scope = NewDisposeScope();
        NetworkWeights.Load(classifier, SafeTensors.Load(weights));
        classifier.to(device);
        NetworkWeights.Freeze(classifier);
    }

    public override int FeatureCount => FashionClassifier.FeatureCount;

    public override int ClassCount => FashionClassifier.ClassCount;

    public override int BatchSize => 50; // whose activations fit into a processor's caches

    public override Tensor Features(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return classifier.Features(pixels.div(127.5).sub(1.0)).MoveToOuterDisposeScope();
    }

    public override Tensor Probabilities(Tensor pixels, Tensor features)
    {
        using var scope = NewDisposeScope();
        return classifier.Logits(features).softmax(1).MoveToOuterDisposeScope();
    }

    public override void Dispose() => classifier.Dispose();
}
