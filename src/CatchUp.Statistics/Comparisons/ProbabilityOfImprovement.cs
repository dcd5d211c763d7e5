using CatchUp.Statistics.Samples;

namespace CatchUp.Statistics.Comparisons;

/// <summary>
/// How likely a run of A is better than a run of B, whatever by how much (Agarwal et al. 2021, "Deep Reinforcement Learning at the Edge
/// of the Statistical Precipice", section 4.3): P = 1 / (N M) Σᵢ Σⱼ S(aᵢ, bⱼ), where S is 1 when aᵢ is better, ½ when they are equal and 0
/// otherwise. Values that are not finite are left out.
/// </summary>
/// <param name="Value">From 0 to 1.</param>
/// <param name="Interval">
/// The percentiles of P over resamples of each group's runs (Efron 1979). Null below <see cref="FewestRuns"/> runs in a group: resamples
/// of so few repeat the same runs, and their interval is far too narrow.
/// </param>
public sealed record ProbabilityOfImprovement(double Value, Interval? Interval, int CountA, int CountB)
{
    public const int FewestRuns = 5;

    public const int Resamples = 2_000;

    /// <summary>Null when a group has no finite value.</summary>
    /// <param name="seed">Of the resamples.</param>
    public static ProbabilityOfImprovement? Of(IEnumerable<double> a, IEnumerable<double> b, Better better, int seed, double confidence = 0.95)
    {
        SampleSummary.CheckConfidence(confidence);
        double[] finiteA = [.. a.Where(double.IsFinite)];
        double[] finiteB = [.. b.Where(double.IsFinite)];
        if (finiteA.Length == 0 || finiteB.Length == 0)
        {
            return null;
        }

        var sign = better == Better.Lower ? 1 : -1;
        var scores = finiteA.Select(x => finiteB.Select(y => (1 + (sign * y.CompareTo(x))) / 2.0).ToArray()).ToArray();
        var value = scores.Average(row => row.Average());
        Interval? interval = Math.Min(finiteA.Length, finiteB.Length) < FewestRuns ? null : Percentiles(scores, finiteB.Length, seed, confidence);
        return new(value, interval, finiteA.Length, finiteB.Length);
    }

    private static Interval Percentiles(double[][] scores, int columns, int seed, double confidence)
    {
        var random = new Random(seed);
        var resampled = new double[Resamples];
        var drawn = new int[columns];
        for (var resample = 0; resample < Resamples; resample++)
        {
            for (var index = 0; index < columns; index++)
            {
                drawn[index] = random.Next(columns);
            }

            var sum = 0.0;
            for (var index = 0; index < scores.Length; index++)
            {
                var row = scores[random.Next(scores.Length)];
                foreach (var column in drawn)
                {
                    sum += row[column];
                }
            }

            resampled[resample] = sum / scores.Length / columns;
        }

        Array.Sort(resampled);
        var cut = (int)Math.Floor((1 - confidence) / 2 * Resamples);
        return new(resampled[cut], resampled[Resamples - 1 - cut]);
    }
}
