using CatchUp.Contracts.Presets;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Contracts.Tests.Presets;

/// <summary>Pins every number of METHOD's table "The paper's settings".</summary>
public sealed class PresetCatalogTests
{
    [Fact]
    public void Every_preset_file_is_in_the_catalog_and_the_cheapest_comes_first()
    {
        var files = typeof(PresetCatalog).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("presets/", StringComparison.Ordinal)).Select(name => Path.GetFileNameWithoutExtension(name["presets/".Length..]));

        Assert.Equal(files.Order(), PresetCatalog.All.Select(preset => preset.Name).Order());
        Assert.Equal(["fashion-tiny", "mnist", "cifar10", "imagenet64"], PresetCatalog.All.Select(preset => preset.Name));
        Assert.All(PresetCatalog.All, preset => Assert.NotEmpty(preset.Title + preset.Description));
    }

    [Fact]
    public void Cifar10_has_the_papers_numbers()
    {
        var cifar = Read("cifar10");

        Assert.Equal(("cifar10", true), (cifar.Data.Dataset, cifar.Data.HorizontalFlip));
        Assert.Equal((NetworkKind.SongUNet, 128, 4, 0.13), (cifar.Network.Kind, cifar.Network.Channels, cifar.Network.Blocks, cifar.Network.Dropout));
        Assert.Equal([2, 2, 2], cifar.Network.ChannelMultipliers);
        Assert.Equal([16], cifar.Network.AttentionResolutions);
        Assert.Equal((128, 500_000), (cifar.Training.BatchSize, cifar.Training.Iterations));
        Assert.Equal((2e-4, 5_000), (cifar.Optimizer.LearningRate, cifar.Optimizer.WarmupSteps));
        AssertCatchUpWithLearnedCoupling(cifar);
    }

    [Fact]
    public void Mnist_has_the_papers_numbers()
    {
        var mnist = Read("mnist");

        Assert.Equal(("mnist", true), (mnist.Data.Dataset, mnist.Data.HorizontalFlip));
        Assert.Equal((NetworkKind.SongUNet, 32, 2, 0.13), (mnist.Network.Kind, mnist.Network.Channels, mnist.Network.Blocks, mnist.Network.Dropout));
        Assert.Equal([2, 2, 2], mnist.Network.ChannelMultipliers);
        Assert.Equal([16], mnist.Network.AttentionResolutions);
        Assert.Equal((256, 50_000), (mnist.Training.BatchSize, mnist.Training.Iterations));
        Assert.Equal((3e-4, 5_000), (mnist.Optimizer.LearningRate, mnist.Optimizer.WarmupSteps));
        AssertCatchUpWithLearnedCoupling(mnist);
    }

    [Fact]
    public void ImageNet64_has_the_papers_numbers()
    {
        var imagenet = Read("imagenet64");

        Assert.Equal(("imagenet64", 0), (imagenet.Data.Dataset, imagenet.Data.Side));
        Assert.Equal((NetworkKind.Adm, 192, 3, 0.1), (imagenet.Network.Kind, imagenet.Network.Channels, imagenet.Network.Blocks, imagenet.Network.Dropout));
        Assert.Equal([1, 2, 3, 4], imagenet.Network.ChannelMultipliers);
        Assert.Equal([32, 16, 8], imagenet.Network.AttentionResolutions);
        Assert.Equal((64, true), (imagenet.Network.ChannelsPerHead, imagenet.Network.ClassConditional));
        Assert.Equal((1_024, 1_200_000), (imagenet.Training.BatchSize, imagenet.Training.Iterations));
        Assert.Equal(TrainingPrecision.Bf16, imagenet.Training.Precision);
        Assert.Equal((4e-4, 0), (imagenet.Optimizer.LearningRate, imagenet.Optimizer.WarmupSteps));
        Assert.Equal((CouplingKind.Independent, true), (imagenet.Coupling.Kind, imagenet.Objective.WaveletWeight > 0));
        AssertCatchUp(imagenet);
    }

    private static RunSpecification Read(string name) => SpecificationMerge.FromPreset(PresetCatalog.Find(name)!);

    private static void AssertCatchUp(RunSpecification specification)
    {
        // What may be called FID without a label.
        Assert.Equal(("inception-tf", 50_000), (specification.Evaluation.Extractor, specification.Evaluation.Samples));
        Assert.Equal((ObjectiveKind.CatchUp, DeltaStrategy.Uniform, TimeKind.Continuous, LossWeights.Equal, 16), (specification.Objective.Kind, specification.Objective.Delta, specification.Objective.Time, specification.Objective.LossWeights, specification.Objective.TimeSteps));
        Assert.Equal((0.9999, false), (specification.Ema.Decay, specification.Ema.Warmup));
        Assert.Equal((0.9, 0.999, 1e-8), (specification.Optimizer.Beta1, specification.Optimizer.Beta2, specification.Optimizer.Epsilon));
    }

    private static void AssertCatchUpWithLearnedCoupling(RunSpecification specification)
    {
        AssertCatchUp(specification);
        Assert.Equal((CouplingKind.Learned, 32, 2, 20), (specification.Coupling.Kind, specification.Coupling.EncoderChannels, specification.Coupling.EncoderBlocks, specification.Coupling.KlWeight));
        Assert.Equal((true, 0.75), (specification.Network.PriorShakeDrop, specification.Network.Phi));
        Assert.Equal((EncoderKind.Standard, TimeEmbedding.Positional, 1, 1), (specification.Network.Encoder, specification.Network.Embedding, specification.Network.ChannelMultNoise, specification.Network.PatchSize));
        Assert.Equal([1, 1], specification.Network.ResampleFilter);
    }
}
