using CatchUp.Contracts.Journal;
using CatchUp.Flow.Evaluation;
using CatchUp.Flow.Evaluation.Extractors;
using CatchUp.Flow.Evaluation.References;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Evaluations;

/// <summary>The images of one way of sampling on their way to numbers: what is kept of their features, and what was computed from it.</summary>
internal sealed class Measurement : IDisposable
{
    private readonly FeatureExtractor extractor;
    private readonly TimeProvider clock;
    private readonly GeneratedFeatures features;
    private readonly InceptionScore? score;
    private double featureSeconds;
    private double? margin;
    private ManifoldOverlap? overlap;

    public Measurement(FeatureExtractor extractor, int samples, IReadOnlyList<string> metrics, TimeProvider clock)
    {
        (this.extractor, this.clock) = (extractor, clock);
        features = new GeneratedFeatures(extractor.FeatureCount, samples, extrapolate: metrics.Contains(Evaluator.FidInfinity));
        score = metrics.Contains(Evaluator.InceptionScore) ? new InceptionScore(extractor.ClassCount) : null;
    }

    /// <summary>Takes in the next images.</summary>
    /// <param name="bytes">8-bit images, [images, channels, height, width].</param>
    public void Add(Tensor bytes)
    {
        using var scope = NewDisposeScope();
        var started = clock.GetTimestamp();
        var (batch, probabilities) = extractor.Measure(bytes, withProbabilities: score is not null);
        features.Add(batch);
        if (probabilities is not null)
        {
            score!.Add(probabilities);
        }

        featureSeconds += clock.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>One number about all images.</summary>
    /// <param name="reference">What to compare with, for the metrics that do.</param>
    /// <param name="template">All that the numbers have in common.</param>
    public EvaluationMade Take(string metric, Func<Reference> reference, EvaluationMade template)
    {
        using var scope = NewDisposeScope();
        if (metric != Evaluator.InceptionScore)
        {
            reference(); // its own making is no part of this number's time
        }

        var started = clock.GetTimestamp();
        var made = metric switch
        {
            Evaluator.Fid => Distance(FidOf(reference()), reference(), template, lowest: 0),
            Evaluator.FidInfinity => Distance(FrechetExtrapolation.Of(features.Blocks, reference().Statistics), reference(), template, lowest: double.NegativeInfinity),
            Evaluator.Kid => KidOf(reference(), template),
            Evaluator.Precision => OverlapOf(reference(), template, shares => shares.Precision),
            Evaluator.Recall => OverlapOf(reference(), template, shares => shares.Recall),
            _ => template with { Value = score!.Value() },
        };
        return made with { Metric = metric, EvaluateSeconds = featureSeconds + clock.GetElapsedTime(started).TotalSeconds };
    }

    public void Dispose()
    {
        features.Dispose();
        score?.Dispose();
    }

    private double FidOf(Reference reference)
    {
        using var statistics = features.Statistics();
        return FrechetDistance.Between(statistics, reference.Statistics);
    }

    private EvaluationMade Distance(double value, Reference reference, EvaluationMade template, double lowest)
    {
        // At a gate only the value is compared, and the bootstrap costs more than so few images.
        if (!double.IsFinite(value) || template.Gate > 0)
        {
            return template with { Value = value };
        }

        margin ??= BootstrapInterval.MarginOfFrechetDistance(features.Kept(), reference.Statistics, features.Count);
        return template with { Value = value, Low = Math.Max(lowest, value - margin.Value), High = value + margin };
    }

    private EvaluationMade KidOf(Reference reference, EvaluationMade template)
    {
        var kept = features.Kept();
        return template with { Value = KernelDistance.Between(kept, reference.Features!), Samples = (int)kept.shape[0] };
    }

    /// <summary>Of as many generated images as real ones, otherwise one manifold would be the denser; the real ones from everywhere in the data set.</summary>
    private EvaluationMade OverlapOf(Reference reference, EvaluationMade template, Func<ManifoldOverlap, double> share)
    {
        var (kept, real) = (features.Kept(), reference.Features!);
        var count = Math.Min(kept.shape[0], real.shape[0]);
        var spread = arange(count, dtype: ScalarType.Int64).mul(real.shape[0]).div(count, RoundingMode.floor).to(ScalarType.Int64);
        overlap ??= ManifoldOverlap.Between(real.index_select(0, spread), kept.narrow(0, 0, count));
        return template with { Value = share(overlap), Samples = (int)count };
    }
}
