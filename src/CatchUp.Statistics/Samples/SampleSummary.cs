namespace CatchUp.Statistics.Samples;

/// <summary>What some runs of one configuration say about its mean.</summary>
/// <param name="Count">Finite values, which all else is about.</param>
/// <param name="NonFinite">NaN and ±∞: counted here, never averaged.</param>
/// <param name="Mean">The arithmetic mean x̄; null without a finite value.</param>
/// <param name="StandardDeviation">s = √(Σ(x − x̄)² / (n − 1)); null below two values.</param>
/// <param name="Interval">
/// Where the mean of infinitely many such runs lies, with the confidence: x̄ ± t s / √n, with Student's t for n − 1 degrees of freedom
/// (Student 1908). Null below two values.
/// </param>
/// <param name="Confidence">Of the interval, above 0 and below 1.</param>
public sealed record SampleSummary(int Count, int NonFinite, double? Mean, double? StandardDeviation, Interval? Interval, double Confidence)
{
    /// <summary>Why there is no interval; null when there is one.</summary>
    public string? NoInterval => Count switch
    {
        _ when Interval is not null => null,
        0 => "There is no finite value.",
        1 => "One run says nothing about how far runs differ, so there is no interval. Run it with other seeds too.",
        _ => "The values are too large to be averaged.",
    };

    /// <exception cref="ArgumentOutOfRangeException">The confidence is not above 0 and below 1.</exception>
    public static SampleSummary Of(IEnumerable<double> values, double confidence = 0.95)
    {
        CheckConfidence(confidence);
        var all = values.ToList();
        var finite = all.Where(double.IsFinite).ToList();
        var nonFinite = all.Count - finite.Count;
        if (finite.Count == 0)
        {
            return new(0, nonFinite, null, null, null, confidence);
        }

        var mean = finite.Average();
        if (Deviation(finite) is not { } deviation || !double.IsFinite(deviation))
        {
            return new(finite.Count, nonFinite, double.IsFinite(mean) ? mean : null, null, null, confidence);
        }

        var halfWidth = StudentT.TwoSidedQuantile(1 - confidence, finite.Count - 1) * deviation / Math.Sqrt(finite.Count);
        return new(finite.Count, nonFinite, mean, deviation, Samples.Interval.Around(mean, halfWidth), confidence);
    }

    internal static void CheckConfidence(double confidence)
    {
        if (!(confidence > 0 && confidence < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence lies above 0 and below 1, like 0.95.");
        }
    }

    /// <summary>Not finite where squares overflow; null below two values.</summary>
    internal static double? Deviation(IReadOnlyList<double> values)
    {
        if (values.Count < 2)
        {
            return null;
        }

        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }
}
