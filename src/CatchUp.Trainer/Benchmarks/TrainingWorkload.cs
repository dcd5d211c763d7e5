using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Evaluation.Extractors;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Training;
using CatchUp.Trainer.Input;
using CatchUp.Trainer.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Benchmarks;

/// <summary>
/// Updates of a run, whole: images, noise, objective, backward, Adam, EMA. A round returns its last loss. New weights stand in for
/// an initial run's model and independent noise for pairs that it makes: they cost the same.
/// </summary>
internal sealed class TrainingWorkload : Workload
{
    private readonly List<IDisposable> parts = [];
    private readonly TrainingLoop loop;

    public TrainingWorkload(RunSpecification specification, TrainerSettings settings, Device device, int updates)
    {
        UnitsPerRound = updates;
        var images = Keep(DatasetInput.Open(specification.Data, settings).To(device));
        var form = ImageForm.Of(images);
        var network = Velocity();
        var averaged = Velocity();
        var teacher = specification.Objective.Kind is ObjectiveKind.ConsistencyDistillation or ObjectiveKind.ProgressiveDistillation ? Velocity() : null;
        var encoder = NetworkRecipe.NoiseEncoder(specification, form)?.to(device);
        var extractor = Recipe.IsPerceptual(specification.Objective) ? Keep(FeatureExtractor.Load(settings.ExtractorFolder, specification.Evaluation.Extractor, device, settings.OwnExtractorFolder)) : null;
        loop = Keep(new TrainingLoop(
            network,
            Recipe.Objective(specification, averaged, teacher, Attempt.Perceptual(specification, extractor, images)),
            Recipe.Coupling(specification, encoder is null ? null : Keep(encoder), pairs: null),
            images,
            Recipe.Training(specification),
            device,
            Recipe.Fingerprint(specification),
            Recipe.LearnsFromAverage(specification.Objective) ? averaged : null));
        Facts = new Dictionary<string, double>
        {
            ["channels"] = images.Channels,
            ["size"] = images.Width,
            ["images"] = images.Count,
            ["heads"] = network.Heads,
            ["parameters"] = network.parameters().Sum(parameter => parameter.numel()),
        };

        VelocityNetwork Velocity() => Keep(NetworkRecipe.Velocity(specification, form).to(device));
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
        foreach (var part in Enumerable.Reverse(parts))
        {
            part.Dispose();
        }
    }

    private T Keep<T>(T part)
        where T : IDisposable
    {
        parts.Add(part);
        return part;
    }
}
