using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Couplings;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Evaluation.Extractors;
using CatchUp.Flow.Evaluation.References;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Noise;
using CatchUp.Flow.Objectives;
using CatchUp.Flow.Training;
using CatchUp.Trainer.Environments;
using CatchUp.Trainer.Evaluations;
using CatchUp.Trainer.Input;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Runs;

/// <summary>
/// One try at a run, from its specification to the last entry of its journal. After an update comes its point, then a checkpoint,
/// then samples, then evaluations; what is due at the step it resumes from and not yet there is made first.
/// </summary>
internal sealed class Attempt(RunFile run, RunDirectory directory, JournalWriter journal, StopSignal stop, ConsoleProgress progress, TrainerSettings settings, TimeProvider clock)
{
    private readonly RunSpecification specification = run.Specification;
    private readonly Schedule schedule = new(run.Specification);
    private readonly TimeBook time = new(journal, clock);
    private long lastPoints;
    private int lastPointsStep;
    private int reachedStep;

    /// <summary>Runs to the end, or to where it is asked to stop, and returns the exit status.</summary>
    /// <param name="resume">Checkpoints to go on from, the best choice first; none starts at step 0.</param>
    public int Run(IReadOnlyList<ResumeCandidate> resume)
    {
        try
        {
            return Train(resume);
        }
        catch (Exception error) when (Failure.Explain(error) is { } failure)
        {
            return Failure.Tell(failure with { Step = reachedStep }, journal);
        }
    }

    private int Train(IReadOnlyList<ResumeCandidate> resume)
    {
        var device = Devices.Choose(run.Device);
        using var images = OpenImages()?.To(device);
        if (images is null)
        {
            return StopBeforeTraining();
        }

        using var evaluator = Evaluator.Create(specification.Evaluation, images, settings, device, clock);
        using var neighbourExtractor = LoadNeighbourExtractor(evaluator, images, device);
        using var neighbours = specification.Samples.Neighbours && (evaluator?.Extractor ?? neighbourExtractor) is { } measuring ? new TrainingNeighbours(measuring, images, stop) : null;
        using var network = BuildNetwork(specification, images, device);
        using var averaged = BuildNetwork(specification, images, device);
        averaged.eval();
        using var noiseEncoder = BuildNoiseEncoder(images, device);
        network.Precision = Recipe.Precision(specification);
        noiseEncoder?.Precision = network.Precision;
        using var initial = LoadInitial(images, device);
        if (initial is not null)
        {
            InitialModel.Start(network, initial, run.Initial!.Run);
        }

        using var extractor = LoadPerceptualExtractor(images, device);
        var objective = Recipe.Objective(specification, averaged, initial, Perceptual(specification, extractor, images, (_, _) => stop.ThrowIfRequested()));
        var fingerprint = Recipe.Fingerprint(specification, run.Initial?.Sha256);
        using var pairs = InitialPairs.AreNeeded(specification) ? new PairCoupling(new InitialPairs(run, initial!, directory, journal, stop, progress, device, fingerprint).Make) : null;
        using var loop = new TrainingLoop(network, objective, Recipe.Coupling(specification, noiseEncoder, pairs), images, Recipe.Training(specification), device, fingerprint, Recipe.LearnsFromAverage(specification.Objective) ? averaged : null)
        {
            SnapshotMetadata = InitialSnapshot.Metadata(specification),
        };
        var checkpoints = new CheckpointStore(directory, journal, specification.Training.KeepCheckpoints);
        var maker = new ImageMaker(averaged, new NoiseBank(specification.Samples.NoiseBank, images.Channels, images.Height, images.Width), stop, device);

        Resume(loop, resume);
        reachedStep = loop.Step;
        checkpoints.Rewind(loop.Step);
        var report = new StepReport(specification, directory, journal, checkpoints, evaluator, maker, neighbours, new ResultsInPlace(run, journal.Existing, loop.Step), progress);
        report.RememberBest(loop.Step);
        journal.Append(RunEnvironment.Start(device, images, settings, loop.Step, network.parameters().Sum(parameter => parameter.numel())));
        if (network.Precision == TorsoPrecision.BFloat16 && device.type == DeviceType.CPU)
        {
            Warn("training.precision is bf16, which a CPU computes more slowly than fp32 and no better. It is meant for CUDA.");
        }

        progress.Say($"{run.Name}: {specification.Objective.Kind}, from step {loop.Step} to {schedule.LastStep} on {device}, {images.Count} images of {images.Name}.");
        progress.Start(loop.Step);
        (lastPoints, lastPointsStep) = (clock.GetTimestamp(), loop.Step);
        try
        {
            if (loop.Step > 0)
            {
                Report(report, loop, averaged);
            }

            if (loop.Step < schedule.LastStep && pairs is not null)
            {
                pairs.Prepare();
                progress.Start(loop.Step);
                (lastPoints, lastPointsStep) = (clock.GetTimestamp(), loop.Step);
            }

            while (loop.Step < schedule.LastStep)
            {
                stop.ThrowIfRequested();
                Log(time.Training(() => loop.Advance(measureGradient: schedule.PointsDue(loop.Step + 1))));
                reachedStep = loop.Step;
                if (schedule.CheckpointDue(loop.Step))
                {
                    checkpoints.SaveCheckpoint(loop);
                    time.Tell();
                }

                Report(report, loop, averaged);
            }
        }
        catch (OperationCanceledException)
        {
            return Stop(loop, checkpoints);
        }

        return End(AttemptOutcome.Completed, loop.Step);
    }

    /// <summary>Samples and evaluations due at the loop's step.</summary>
    private void Report(StepReport report, TrainingLoop loop, VelocityNetwork averaged)
    {
        if (loop.Step == schedule.LastStep)
        {
            report.SaveSnapshot(loop);
        }

        var (samplesDue, evaluationDue) = (schedule.SamplesDue(loop.Step), schedule.EvaluationDue(loop.Step));
        if (!samplesDue && !evaluationDue)
        {
            return;
        }

        loop.CopyAveragedWeights(averaged);
        if (samplesDue)
        {
            time.Sampling(() => report.SaveSamples(loop.Step));
        }

        if (evaluationDue)
        {
            time.Evaluation(() => report.Evaluate(loop));
        }

        time.Tell();

        // Not part of the training rate.
        (lastPoints, lastPointsStep) = (clock.GetTimestamp(), loop.Step);
    }

    private void Log(Update update)
    {
        progress.Step(update.Step, schedule.LastStep, update.Loss);
        if (!schedule.PointsDue(update.Step))
        {
            return;
        }

        var seconds = clock.GetElapsedTime(lastPoints).TotalSeconds / (update.Step - lastPointsStep);
        (lastPoints, lastPointsStep) = (clock.GetTimestamp(), update.Step);
        var values = new Dictionary<string, double> { ["loss"] = update.Loss };
        foreach (var (term, value) in update.Terms)
        {
            values.Add($"loss/{term}", value);
        }

        values.Add("grad_norm", update.GradientNorm!.Value);
        values.Add("learning_rate", update.LearningRate);
        values.Add("throughput/images_per_second", specification.Training.BatchSize / seconds);
        values.Add("throughput/seconds_per_step", seconds);
        journal.Append(new PointsLogged { Step = update.Step, ImagesSeen = update.ImagesSeen, Values = values });
    }

    private VelocityNetwork BuildNetwork(RunSpecification described, ImageDataset images, Device device)
    {
        SeedWeights(stream: 0);
        return NetworkRecipe.Velocity(described, ImageForm.Of(images)).to(device);
    }

    private SongUNet? BuildNoiseEncoder(ImageDataset images, Device device)
    {
        SeedWeights(stream: 1);
        return NetworkRecipe.NoiseEncoder(specification, ImageForm.Of(images))?.to(device);
    }

    private void SeedWeights(ulong stream) => manual_seed((long)(new PhiloxSequence((uint)specification.Seed, RandomPurpose.Weights, stream).NextBits() >> 1));

    /// <summary>The initial run's model, frozen; null for a run that starts from its own random weights.</summary>
    private VelocityNetwork? LoadInitial(ImageDataset images, Device device)
    {
        if (run.Initial is not { } weights)
        {
            return null;
        }

        var network = BuildNetwork(InitialModel.Specification(weights.Specification, specification), images, device);
        try
        {
            InitialModel.Load(network, weights);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The extractor of a perceptual catch-up loss; null for other losses.</summary>
    private FeatureExtractor? LoadPerceptualExtractor(ImageDataset images, Device device)
    {
        if (!Recipe.IsPerceptual(specification.Objective))
        {
            return null;
        }

        var extractor = FeatureExtractor.Load(settings.ExtractorFolder, specification.Evaluation.Extractor, device, settings.OwnExtractorFolder);
        extractor.CheckImages(images.Channels, images.Height, images.Width);
        return extractor;
    }

    /// <summary>An extractor for the neighbours of samples, where no evaluation has one already; null, with a warning, when it is not to be had.</summary>
    private FeatureExtractor? LoadNeighbourExtractor(Evaluator? evaluator, ImageDataset images, Device device)
    {
        if (evaluator is not null || !specification.Samples.Neighbours || specification.Samples.Images == 0)
        {
            return null;
        }

        FeatureExtractor? extractor = null;
        try
        {
            extractor = FeatureExtractor.Load(settings.ExtractorFolder, specification.Evaluation.Extractor, device, settings.OwnExtractorFolder);
            extractor.CheckImages(images.Channels, images.Height, images.Width);
            return extractor;
        }
        catch (ExtractorUnavailableException error)
        {
            // Nothing else of the run needs it.
            extractor?.Dispose();
            Warn($"samples.neighbours is left out: {error.Message}");
            return null;
        }
    }

    /// <summary>The distance of a perceptual catch-up loss, in units of the spread of the reference's features; null without an extractor.</summary>
    /// <param name="beforeBatch">Called while a reference is measured that is not there yet; may throw to give up.</param>
    internal static PerceptualDistance? Perceptual(RunSpecification specification, FeatureExtractor? extractor, ImageDataset images, Action<int, int>? beforeBatch = null)
    {
        if (extractor is null)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        using var reference = ReferenceSource.Open(extractor, specification.Evaluation.Reference, images);
        return new PerceptualDistance(extractor.DifferentiableFeatures, reference.Get(beforeBatch).Statistics.Covariance().trace().ToDouble());
    }

    /// <summary>
    /// By hand, goes on from the first checkpoint that is whole: a refused one is reported and the one before it is tried. A server
    /// has chosen one checkpoint and expects exactly that; if it is refused, the attempt ends and the server chooses again.
    /// </summary>
    private void Resume(TrainingLoop loop, IReadOnlyList<ResumeCandidate> candidates)
    {
        foreach (var candidate in candidates)
        {
            try
            {
                loop.Resume(candidate.File, candidate.Sha256 ?? WeightFile.Find(candidate.File).Sha256);
                return;
            }
            catch (WeightFileRefusedException error) when (run.Resume is null)
            {
                Warn(error.Message);
            }
        }

        if (candidates.Count > 0)
        {
            Warn("No checkpoint is left to go on from: training starts again at step 0.");
        }
    }

    private void Warn(string text)
    {
        Console.Error.WriteLine(text);
        journal.Append(new LogWritten { Level = LogLevelName.Warning, Text = text });
    }

    private int Stop(TrainingLoop loop, CheckpointStore checkpoints)
    {
        switch (stop.Request)
        {
            case StopRequest.Pause:
                checkpoints.SaveCheckpoint(loop);
                return End(AttemptOutcome.Paused, loop.Step);
            case StopRequest.Cancel:
                return End(AttemptOutcome.Cancelled, loop.Step);
            default:
                return ExitStatus.Abandoned;
        }
    }

    /// <summary>The images; null when a stop was asked for while they were fetched.</summary>
    private ImageDataset? OpenImages()
    {
        try
        {
            return DatasetInput.OpenOrFetch(specification.Data, settings, Say, stop.ThrowIfRequested);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private void Say(string text)
    {
        journal.Append(new LogWritten { Text = text });
        progress.Say(text);
    }

    /// <summary>What is saved is as it was: the step is that of the checkpoint to go on from.</summary>
    private int StopBeforeTraining() => stop.Request switch
    {
        StopRequest.Pause => End(AttemptOutcome.Paused, run.Resume?.Step ?? 0),
        StopRequest.Cancel => End(AttemptOutcome.Cancelled, run.Resume?.Step ?? 0),
        _ => ExitStatus.Abandoned,
    };

    private int End(AttemptOutcome outcome, int step)
    {
        time.Tell();
        journal.Append(new AttemptEnded { Outcome = outcome, Step = step });
        progress.Say(outcome switch
        {
            AttemptOutcome.Completed => $"Completed. Everything is in {directory.Path}.",
            AttemptOutcome.Paused => $"Paused at step {step}. Go on with --resume latest.",
            _ => $"Cancelled at step {step}.",
        });
        return ExitStatus.Done;
    }
}
