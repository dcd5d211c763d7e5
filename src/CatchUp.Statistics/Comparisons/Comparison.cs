using CatchUp.Statistics.Samples;

namespace CatchUp.Statistics.Comparisons;

/// <summary>
/// The difference between two groups of runs, mean of B − mean of A in the metric's unit, and whether chance alone explains it.
/// </summary>
public sealed record Comparison
{
    /// <summary>The fewest common seeds that are compared in pairs.</summary>
    public const int FewestPairs = 2;

    private Comparison()
    {
    }

    public ComparisonMethod Method { get; private init; }

    /// <summary>Runs of A with a finite value.</summary>
    public int CountA { get; private init; }

    /// <summary>Runs of B with a finite value.</summary>
    public int CountB { get; private init; }

    /// <summary>Runs of A that are left out because their value is NaN or ±∞.</summary>
    public int NonFiniteA { get; private init; }

    /// <summary>Runs of B that are left out because their value is NaN or ±∞.</summary>
    public int NonFiniteB { get; private init; }

    /// <summary>Seeds that A and B have in common, with a finite value in each.</summary>
    public int CommonSeeds { get; private init; }

    /// <summary>Mean of B − mean of A: over the pairs when paired, else over all runs. Null when one has no finite value.</summary>
    public double? Difference { get; private init; }

    /// <summary>Standard error of the difference; null when undecided.</summary>
    public double? StandardError { get; private init; }

    /// <summary>Of the t-test; null when undecided.</summary>
    public double? DegreesOfFreedom { get; private init; }

    /// <summary>How often chance alone makes a difference as large, by the t-test, two-sided. Null when undecided.</summary>
    public double? PValue { get; private init; }

    /// <summary>The same by <see cref="SignFlipTest"/>; null unless paired. It decides nothing: below 6 pairs it cannot come under 0.05.</summary>
    public double? PermutationPValue { get; private init; }

    /// <summary>Of the interval, above 0 and below 1.</summary>
    public double Confidence { get; private init; }

    /// <summary>Difference ± t · standard error. Null when undecided.</summary>
    public Interval? Interval { get; private init; }

    public Outcome Outcome { get; private init; }

    /// <summary>Why nothing is decided, in words for people; null otherwise.</summary>
    public string? Reason { get; private init; }

    /// <summary>
    /// Compares in pairs when at least <see cref="FewestPairs"/> seeds are common and they are at least half of the smaller group's
    /// runs; else by Welch's test. Which one is a matter of the seeds alone, never of the values. Runs of one group with the same seed
    /// count in a pair by their mean.
    /// </summary>
    /// <param name="seed">Of the permutation test above <see cref="SignFlipTest.MostExact"/> pairs.</param>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not above 0 and below 1.</exception>
    public static Comparison Of(IReadOnlyList<SeededValue> a, IReadOnlyList<SeededValue> b, int seed = 0, double confidence = 0.95)
    {
        SampleSummary.CheckConfidence(confidence);
        var (finiteA, finiteB) = (Finite(a), Finite(b));
        var (meansA, meansB) = (SeedMeans(finiteA), SeedMeans(finiteB));
        var differences = meansA.Keys.Where(meansB.ContainsKey).Order().Select(common => meansB[common] - meansA[common]).ToList();
        var counted = new Comparison
        {
            CountA = finiteA.Count,
            CountB = finiteB.Count,
            NonFiniteA = a.Count - finiteA.Count,
            NonFiniteB = b.Count - finiteB.Count,
            CommonSeeds = differences.Count,
            Confidence = confidence,
        };
        if (finiteA.Count == 0 || finiteB.Count == 0)
        {
            return counted with { Reason = "there are no finite values to compare" };
        }

        return differences.Count >= FewestPairs && 2 * differences.Count >= Math.Min(finiteA.Count, finiteB.Count)
            ? counted.Paired(differences, meansA.Values.Concat(meansB.Values), seed)
            : counted.Welch([.. finiteA.Select(run => run.Value)], [.. finiteB.Select(run => run.Value)]);
    }

    /// <summary>The same test with an interval, and a conclusion, of another confidence.</summary>
    public Comparison At(double confidence)
    {
        SampleSummary.CheckConfidence(confidence);
        if (PValue is not { } p)
        {
            return this with { Confidence = confidence };
        }

        // The difference without any spread is a tie of equal values: its interval is a point.
        var halfWidth = StandardError == 0 ? 0 : StudentT.TwoSidedQuantile(1 - confidence, DegreesOfFreedom!.Value) * StandardError!.Value;
        return this with
        {
            Confidence = confidence,
            Interval = Samples.Interval.Around(Difference!.Value, halfWidth),
            Outcome = p >= 1 - confidence ? Outcome.Tie : Difference < 0 ? Outcome.Lower : Outcome.Higher,
        };
    }

    private Comparison Paired(List<double> differences, IEnumerable<double> values, int seed)
    {
        var error = SampleSummary.Deviation(differences)!.Value / Math.Sqrt(differences.Count);
        var tested = (this with { Method = ComparisonMethod.Paired, Difference = differences.Average() }).Tested(error, differences.Count - 1, values);
        return tested.PValue is null ? tested : tested with { PermutationPValue = SignFlipTest.PValue(differences, seed) };
    }

    private Comparison Welch(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        var difference = this with { Difference = b.Average() - a.Average() };
        if (SampleSummary.Deviation(a) is not { } deviationA || SampleSummary.Deviation(b) is not { } deviationB)
        {
            return difference with { Reason = "one run says nothing about how far runs differ; at least 2 runs of each are needed" };
        }

        // t = (x̄_b − x̄_a) / √(s_a²/n_a + s_b²/n_b), with Satterthwaite's degrees of freedom. They come from the values, and where two or
        // three runs meet ten they come out too high (10 % of true ties were flagged), so they are kept below those of two groups that
        // both have the smaller one's size, 2 (n − 1).
        var (partA, partB) = (deviationA * deviationA / a.Count, deviationB * deviationB / b.Count);
        var (shareA, shareB) = (partA / (partA + partB), partB / (partA + partB));
        var degrees = 1 / ((shareA * shareA / (a.Count - 1)) + (shareB * shareB / (b.Count - 1)));
        var most = 2 * (Math.Min(a.Count, b.Count) - 1);
        return (difference with { Method = ComparisonMethod.Welch }).Tested(Math.Sqrt(partA + partB), Math.Min(degrees, most), a.Concat(b));
    }

    private Comparison Tested(double error, double degrees, IEnumerable<double> values)
    {
        if (!double.IsFinite(error) || !double.IsFinite(Difference!.Value))
        {
            return this with { Method = ComparisonMethod.None, Difference = null, Reason = "the values are too large to be compared" };
        }

        // Rounding leaves a spread of about 1e-16 of the values where there is none.
        var none = 1e-13 * values.Max(Math.Abs);
        if (error > none)
        {
            return (this with { StandardError = error, DegreesOfFreedom = degrees, PValue = StudentT.TwoSided(Difference.Value / error, degrees) }).At(Confidence);
        }

        return Math.Abs(Difference.Value) <= none
            ? (this with { Difference = 0, StandardError = 0, PValue = 1 }).At(Confidence)
            : this with { Method = ComparisonMethod.None, Reason = "the difference is the same in all runs, and without any spread nothing can be said about chance" };
    }

    private static List<SeededValue> Finite(IReadOnlyList<SeededValue> runs) => [.. runs.Where(run => double.IsFinite(run.Value))];

    private static Dictionary<long, double> SeedMeans(IReadOnlyList<SeededValue> runs) => runs
        .Where(run => run.Seed is not null)
        .GroupBy(run => run.Seed!.Value, run => run.Value)
        .ToDictionary(same => same.Key, same => same.Average());
}
