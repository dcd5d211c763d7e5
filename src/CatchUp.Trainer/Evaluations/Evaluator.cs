using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Evaluation;
using CatchUp.Flow.Evaluation.Extractors;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Evaluations;

/// <summary>Measures generated images by the features of an extractor: 8-bit images → features → float64 statistics → number.</summary>
internal sealed class Evaluator : IDisposable
{
    public const string Fid = "fid", Kid = "kid";

    private readonly EvaluationSpecification specification;
    private readonly FeatureExtractor extractor;
    private readonly TimeProvider clock;

    private Evaluator(EvaluationSpecification specification, FeatureExtractor extractor, TimeProvider clock) =>
        (this.specification, this.extractor, this.clock) = (specification, extractor, clock);

    /// <summary>An evaluator, or null when the specification asks for no evaluations.</summary>
    /// <exception cref="ExtractorUnavailableException">The extractor is missing, or cannot measure such images.</exception>
    public static Evaluator? Create(EvaluationSpecification specification, ImageDataset images, TrainerSettings settings, Device device, TimeProvider clock)
    {
        if (specification.Samples == 0)
        {
            return null;
        }

        var extractor = FeatureExtractor.Load(settings.ExtractorFolder, specification.Extractor, device);
        try
        {
            extractor.CheckImages(images.Channels, images.Height, images.Width);
            return new Evaluator(specification, extractor, clock);
        }
        catch
        {
            extractor.Dispose();
            throw;
        }
    }

    /// <summary>Names of the metrics that a specification asks for.</summary>
    public static IReadOnlyList<string> Names(EvaluationSpecification specification) =>
        [.. specification.Metrics.Distinct().Select(metric => metric == EvaluationMetric.Fid ? Fid : Kid)];

    /// <summary>Generates the images of one way of sampling and measures them.</summary>
    /// <param name="metrics">Which numbers are wanted, at least one.</param>
    public Evaluation Evaluate(ImageMaker maker, Sampling sampling, IReadOnlyList<string> metrics)
    {
        using var scope = NewDisposeScope();
        var started = clock.GetTimestamp();
        var straightness = 0.0;
        var batches = new List<Tensor>();
        for (var first = 0; first < specification.Samples; first += specification.BatchSize)
        {
            var count = Math.Min(specification.BatchSize, specification.Samples - first);
            using var batchScope = NewDisposeScope();
            var images = maker.Make(sampling, first, count, first == 0 ? trajectory => straightness = trajectory.Straightness : null);
            batches.Add(PixelRange.ToBytes(images).MoveToOuterDisposeScope());
        }

        var sampleSeconds = clock.GetElapsedTime(started).TotalSeconds;
        started = clock.GetTimestamp();
        var features = extractor.Features(cat(batches, 0));
        var featureSeconds = clock.GetElapsedTime(started).TotalSeconds;
        return new Evaluation(straightness, [.. metrics.Select(metric => Measure(metric, features, maker, sampling, sampleSeconds, featureSeconds))]);
    }

    public void Dispose() => extractor.Dispose();

    private EvaluationMade Measure(string metric, Tensor features, ImageMaker maker, Sampling sampling, double sampleSeconds, double featureSeconds)
    {
        var started = clock.GetTimestamp();
        var (value, low, high) = metric == Fid ? MeasureFid(features) : (KernelDistance.Between(features, extractor.ReferenceFeatures), null, null);
        return new EvaluationMade
        {
            SnapshotSha256 = "",
            Solver = sampling.Solver.Name,
            Nfe = sampling.Nfe,
            Head = sampling.Head,
            Metric = metric,
            Value = value,
            Low = low,
            High = high,
            Samples = (int)features.shape[0],
            Extractor = extractor.Card.Name,
            ExtractorSha256 = extractor.Card.WeightsSha256,
            Reference = extractor.Card.Reference,
            ReferenceSha256 = extractor.Card.ReferenceSha256,
            Quantisation = "8 bit",
            NoiseBank = maker.NoiseBank,
            SampleSeconds = sampleSeconds,
            EvaluateSeconds = featureSeconds + clock.GetElapsedTime(started).TotalSeconds,
        };
    }

    private (double Value, double? Low, double? High) MeasureFid(Tensor features)
    {
        using var statistics = new FeatureStatistics(features.shape[1]);
        statistics.Add(features);
        var value = FrechetDistance.Between(statistics, extractor.Reference);
        if (!double.IsFinite(value))
        {
            return (value, null, null);
        }

        var (low, high) = BootstrapInterval.OfFrechetDistance(value, features, extractor.Reference);
        return (value, low, high);
    }
}
