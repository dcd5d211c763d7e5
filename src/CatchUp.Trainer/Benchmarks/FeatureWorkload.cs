using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Evaluation.Extractors;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Benchmarks;

/// <summary>Features of a run's extractor, of noise in the shape of Fashion-MNIST's images.</summary>
internal sealed class FeatureWorkload : Workload
{
    private readonly FeatureExtractor extractor;
    private readonly Tensor bytes; // [images, 1, 28, 28]

    public FeatureWorkload(RunSpecification specification, TrainerSettings settings, Device device, int count)
    {
        UnitsPerRound = count;
        extractor = FeatureExtractor.Load(settings.ExtractorFolder, specification.Evaluation.Extractor, device, settings.OwnExtractorFolder);
        bytes = randint(256, [count, 1, 28, 28], dtype: ScalarType.Byte);
    }

    public override string Unit => "feature vector";

    public override int UnitsPerRound { get; }

    public override double? Round()
    {
        using var scope = NewDisposeScope();
        return extractor.Features(bytes).mean().item<float>();
    }

    public override void Dispose()
    {
        extractor.Dispose();
        bytes.Dispose();
    }
}
