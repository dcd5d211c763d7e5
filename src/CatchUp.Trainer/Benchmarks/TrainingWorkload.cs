using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Training;
using CatchUp.Trainer.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Benchmarks;

/// <summary>Updates of a run, whole: images, noise, objective, backward, Adam, EMA. A round returns its last loss.</summary>
internal sealed class TrainingWorkload : Workload
{
    private readonly ImageDataset images;
    private readonly SongUNet network;
    private readonly TrainingLoop loop;

    public TrainingWorkload(RunSpecification specification, TrainerSettings settings, Device device, int updates)
    {
        UnitsPerRound = updates;
        images = settings.Datasets.Open(specification.Data.Dataset).To(device);
        network = new SongUNet(Recipe.Network(specification, images)).to(device);
        loop = new TrainingLoop(network, Recipe.Objective(specification), images, Recipe.Training(specification), device, Recipe.Fingerprint(specification));
        Facts = new Dictionary<string, double>
        {
            ["channels"] = images.Channels,
            ["size"] = images.Width,
            ["images"] = images.Count,
            ["heads"] = network.Heads,
            ["parameters"] = network.parameters().Sum(parameter => parameter.numel()),
        };
    }

    public override string Unit => "update";

    public override int UnitsPerRound { get; }

    public override IReadOnlyDictionary<string, double> Facts { get; }

    public override double? Round()
    {
        var loss = 0.0;
        for (var update = 0; update < UnitsPerRound; update++)
        {
            loss = loop.Advance().Loss;
        }

        return loss;
    }

    public override void Dispose()
    {
        loop.Dispose();
        network.Dispose();
        images.Dispose();
    }
}
