using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Evaluation;
using CatchUp.Flow.Evaluation.Extractors;
using CatchUp.Flow.Evaluation.References;
using CatchUp.Trainer.Input;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Evaluations;

/// <summary>
/// Measures generated images by the features of an extractor, batch by batch: images → 8 bits → features → float64 statistics → number.
/// Memory does not grow with the number of images.
/// </summary>
internal sealed class Evaluator : IDisposable
{
    public const string Fid = "fid", Kid = "kid", Precision = "precision", Recall = "recall", InceptionScore = "inception-score", FidInfinity = "fid-infinity";

    private readonly EvaluationSpecification specification;
    private readonly FeatureExtractor extractor;
    private readonly ReferenceSource references;
    private readonly TimeProvider clock;

    private Evaluator(EvaluationSpecification specification, FeatureExtractor extractor, ReferenceSource references, TimeProvider clock) =>
        (this.specification, this.extractor, this.references, this.clock) = (specification, extractor, references, clock);

    /// <summary>What it measures by; stays its own to dispose.</summary>
    public FeatureExtractor Extractor => extractor;

    /// <summary>An evaluator, or null when the specification asks for no evaluations.</summary>
    /// <exception cref="ExtractorUnavailableException">The extractor or the reference is missing, or cannot measure such images.</exception>
    /// <exception cref="BadInputException">The metrics do not go with the reference or the number of images.</exception>
    public static Evaluator? Create(EvaluationSpecification specification, ImageDataset images, TrainerSettings settings, Device device, TimeProvider clock)
    {
        if (specification.Samples == 0)
        {
            return null;
        }

        var extractor = FeatureExtractor.Load(settings.ExtractorFolder, specification.Extractor, device, settings.OwnExtractorFolder);
        ReferenceSource? references = null;
        try
        {
            extractor.CheckImages(images.Channels, images.Height, images.Width);
            references = ReferenceSource.Open(extractor, specification.Reference, images);
            CheckMetrics(specification, extractor, references);
            return new Evaluator(specification, extractor, references, clock);
        }
        catch
        {
            references?.Dispose();
            extractor.Dispose();
            throw;
        }
    }

    /// <summary>Names of the metrics that a specification asks for.</summary>
    public static IReadOnlyList<string> Names(EvaluationSpecification specification) => [.. specification.Metrics.Distinct().Select(Name)];

    /// <summary>Names of the metrics that a specification asks for at its gates.</summary>
    public static IReadOnlyList<string> GateNames(EvaluationSpecification specification) => [.. specification.GateMetrics().Distinct().Select(Name)];

    /// <summary>Generates the images of one way of sampling and measures them.</summary>
    /// <param name="metrics">Which numbers are wanted, at least one.</param>
    /// <param name="gate">How many images to measure for a gate; 0 for the full evaluation.</param>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public Evaluation Evaluate(ImageMaker maker, Sampling sampling, IReadOnlyList<string> metrics, int gate = 0)
    {
        using var scope = NewDisposeScope();
        var samples = gate == 0 ? specification.Samples : gate;
        using var measurement = new Measurement(extractor, samples, metrics, clock);
        var (straightness, evaluations, sampleSeconds) = (0.0, 0L, 0.0);
        for (var first = 0; first < samples; first += specification.BatchSize)
        {
            using var batchScope = NewDisposeScope();
            var started = clock.GetTimestamp();
            var made = maker.Make(sampling, first, Math.Min(specification.BatchSize, samples - first), measurePaths: first == 0);
            var bytes = PixelRange.ToBytes(made.Images);
            sampleSeconds += clock.GetElapsedTime(started).TotalSeconds;
            straightness = made.Trajectory?.Straightness ?? straightness;
            evaluations += made.Evaluations * made.Images.shape[0];
            measurement.Add(bytes);
        }

        var template = new EvaluationMade
        {
            SnapshotSha256 = "",
            Solver = sampling.Solver.Name,
            Nfe = (int)((evaluations + samples - 1) / samples), // an adaptive solver counts anew for each batch
            Head = sampling.Head,
            Metric = "",
            Samples = samples,
            Gate = gate,
            Extractor = extractor.Name,
            ExtractorSha256 = extractor.Card.WeightsSha256,
            Reference = references.Name,
            ReferenceSha256 = references.Sha256,
            Quantisation = "8 bit",
            NoiseBank = maker.NoiseBank,
            SampleSeconds = sampleSeconds,
        };
        return new Evaluation(straightness, [.. metrics.Select(metric => measurement.Take(metric, () => references.Get((_, _) => maker.ThrowIfStopped()), template))]);
    }

    public void Dispose()
    {
        references.Dispose();
        extractor.Dispose();
    }

    private static string Name(EvaluationMetric metric) => metric switch
    {
        EvaluationMetric.Fid => Fid,
        EvaluationMetric.Kid => Kid,
        EvaluationMetric.Precision => Precision,
        EvaluationMetric.Recall => Recall,
        EvaluationMetric.InceptionScore => InceptionScore,
        EvaluationMetric.FidInfinity => FidInfinity,
        _ => throw new BadInputException($"evaluation.metrics: {metric} is not known to this trainer."),
    };

    private static void CheckMetrics(EvaluationSpecification specification, FeatureExtractor extractor, ReferenceSource references)
    {
        var metrics = Names(specification);
        if (!references.HasFeatures && metrics.FirstOrDefault(NeedsRealFeatures) is { } metric)
        {
            throw new BadInputException($"evaluation.metrics: {metric} compares with the features of real images, and the reference '{references.Name}' has statistics only. Set evaluation.reference to {ReferenceSource.Dataset}.");
        }

        var fewest = metrics.Contains(FidInfinity) ? FrechetExtrapolation.FewestSamples(extractor.FeatureCount) : metrics.Any(NeedsNeighbours) ? 4 : 2;
        if (specification.Samples < fewest)
        {
            throw new BadInputException($"evaluation.samples is {specification.Samples}; these metrics with {extractor.Name} need at least {fewest}.");
        }
    }

    private static bool NeedsNeighbours(string metric) => metric is Precision or Recall;

    private static bool NeedsRealFeatures(string metric) => metric == Kid || NeedsNeighbours(metric);
}
