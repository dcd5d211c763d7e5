using CatchUp.Flow.Noise;
using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation;

/// <summary>How far a Fréchet distance would move with other samples.</summary>
public static class BootstrapInterval
{
    private const double NormalQuantile = 1.959964;

    /// <summary>
    /// The 95 % interval value ± 1.96 · the standard deviation of the distance over resamples of the features (Efron 1979). The
    /// deviation is used rather than the resamples' own quantiles, which lie too high: repeated samples narrow the covariance.
    /// </summary>
    /// <remarks>It says how far the value moves, not how far it lies above that of infinitely many samples: see <see cref="FrechetExtrapolation"/>.</remarks>
    /// <param name="value">The distance of all samples.</param>
    /// <param name="features">[samples, dimensions]: the samples, or some of them.</param>
    /// <param name="reference">What they are compared with.</param>
    /// <param name="samples">How many samples there are; the deviation over n of them is √(samples / n) times that over all.</param>
    public static (double Low, double High) OfFrechetDistance(double value, Tensor features, FeatureStatistics reference, long? samples = null, int resamples = 32)
    {
        var margin = MarginOfFrechetDistance(features, reference, samples, resamples);
        return (Math.Max(0, value - margin), value + margin);
    }

    /// <summary>Half the width of <see cref="OfFrechetDistance"/>. It is that of the extrapolated distance too, whose samples are the same.</summary>
    public static double MarginOfFrechetDistance(Tensor features, FeatureStatistics reference, long? samples = null, int resamples = 32)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var drawn = (int)features.shape[0];
        var random = new PhiloxSequence(0, RandomPurpose.Bootstrap, (ulong)drawn);
        var distances = new double[resamples];
        for (var i = 0; i < resamples; i++)
        {
            using var inner = NewDisposeScope();
            using var statistics = new FeatureStatistics(features.shape[1]);
            var chosen = tensor(Enumerable.Range(0, drawn).Select(_ => (long)random.NextInt(drawn)).ToArray());
            statistics.Add(features.index_select(0, chosen));
            distances[i] = FrechetDistance.Between(statistics, reference);
        }

        var mean = distances.Average();
        var deviation = Math.Sqrt(distances.Sum(distance => (distance - mean) * (distance - mean)) / (resamples - 1));
        return NormalQuantile * deviation * Math.Sqrt((double)drawn / (samples ?? drawn));
    }
}
