using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Noise;
using CatchUp.Trainer.Evaluations;
using CatchUp.Trainer.Input;
using CatchUp.Trainer.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Benchmarks;

/// <summary>Images of a run's network, new weights being as good as trained ones here, made in evaluation's batches.</summary>
internal sealed class SamplingWorkload : Workload
{
    private readonly ImageDataset images;
    private readonly VelocityNetwork network;
    private readonly StopSignal stop = new(supervised: false, TextReader.Null);
    private readonly ImageMaker maker;
    private readonly Sampling sampling;

    public SamplingWorkload(RunSpecification specification, TrainerSettings settings, Device device, Sampling sampling, int count)
    {
        UnitsPerRound = count;
        images = DatasetInput.Open(specification.Data, settings);
        network = NetworkRecipe.Velocity(specification, ImageForm.Of(images)).to(device);
        network.eval();
        this.sampling = sampling;
        maker = new ImageMaker(network, new NoiseBank(1, images.Channels, images.Height, images.Width), stop, device);
        Facts = new Dictionary<string, double> { ["channels"] = images.Channels, ["size"] = images.Width, ["nfe"] = sampling.Nfe!.Value };
    }

    public override string Unit => "image";

    public override int UnitsPerRound { get; }

    public override IReadOnlyDictionary<string, double> Facts { get; }

    public override double? Round()
    {
        using var scope = NewDisposeScope();
        return maker.Make(sampling, 0, UnitsPerRound).Images.mean().item<float>();
    }

    public override void Dispose()
    {
        stop.Dispose();
        network.Dispose();
        images.Dispose();
    }
}
