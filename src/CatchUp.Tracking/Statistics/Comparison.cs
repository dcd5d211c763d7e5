using System.Globalization;
using MathNet.Numerics.Distributions;

namespace CatchUp.Tracking.Statistics;

/// <summary>Whether the runs of one configuration differ from another's, beyond what seeds alone make.</summary>
public sealed record Comparison
{
    /// <summary>At most as often as this may chance alone look like a difference.</summary>
    public const double Level = 0.05;

    /// <summary>Mean of the second minus mean of the first; of common seeds alone where the comparison is paired.</summary>
    public required double Difference { get; init; }

    /// <summary>95 % interval of the difference; null when there are too few runs.</summary>
    public double? Low { get; init; }

    public double? High { get; init; }

    /// <summary>How often chance alone makes a difference as large, two-sided; null when there are too few runs.</summary>
    public double? P { get; init; }

    /// <summary>Seeds that both have, when it is these that were compared; 0 when all runs were, seed by seed or not.</summary>
    public int Pairs { get; init; }

    /// <summary>Runs of the first and of the second that have a finite number.</summary>
    public required (int First, int Second) Runs { get; init; }

    /// <summary>The interval excludes 0.</summary>
    public bool IsDifferent => P < Level;

    /// <summary>
    /// With two common seeds or more, Student's paired t-test on them: the noise that a seed makes in both cancels. Else Welch's t-test (Welch 1947), which needs two
    /// runs of each and does not take their variances for equal.
    /// </summary>
    /// <param name="first">Numbers by seed.</param>
    /// <param name="second">Numbers by seed.</param>
    /// <returns>Null when one of them has no finite number.</returns>
    public static Comparison? Of(IReadOnlyDictionary<int, double> first, IReadOnlyDictionary<int, double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var (a, b) = (Finite(first), Finite(second));
        if (a.Count == 0 || b.Count == 0)
        {
            return null;
        }

        var common = a.Keys.Where(b.ContainsKey).Order().ToList();
        if (common.Count >= 2)
        {
            var differences = common.ConvertAll(seed => b[seed] - a[seed]);
            var summary = SampleSummary.Of(differences)!;
            return Test(summary.Mean, summary.Deviation!.Value / Math.Sqrt(common.Count), common.Count - 1, (a.Count, b.Count)) with { Pairs = common.Count };
        }

        var (one, two) = (SampleSummary.Of(a.Values)!, SampleSummary.Of(b.Values)!);
        var difference = two.Mean - one.Mean;
        if (one.Deviation is not { } sa || two.Deviation is not { } sb)
        {
            return new() { Difference = difference, Runs = (a.Count, b.Count) };
        }

        var (va, vb) = (sa * sa / one.Count, sb * sb / two.Count);

        // Welch–Satterthwaite: ν = (vₐ + v_b)² / (vₐ² / (nₐ − 1) + v_b² / (n_b − 1)).
        var freedom = va + vb == 0 ? one.Count + two.Count - 2 : (va + vb) * (va + vb) / ((va * va / (one.Count - 1)) + (vb * vb / (two.Count - 1)));
        return Test(difference, Math.Sqrt(va + vb), freedom, (a.Count, b.Count));
    }

    /// <summary>"better by 2.1 ± 0.9 (5 common seeds); chance alone makes as much once in 60 comparisons", for people who are no statisticians.</summary>
    /// <param name="larger">Larger numbers are better.</param>
    /// <param name="corrected">The p-value after correction for the number of comparisons; null: none was made.</param>
    public string Say(bool larger, double? corrected = null)
    {
        var basis = Pairs > 0 ? $"{Pairs} common seeds" : $"{Runs.First} and {Runs.Second} runs";
        if (P is not { } p || Low is not { } low || High is not { } high)
        {
            return $"{Number(Math.Abs(Difference))} {Direction(larger)}, but one run of each cannot tell that from chance: give both two seeds or more.";
        }

        var half = (high - low) / 2;
        if ((corrected ?? p) >= Level)
        {
            return $"No difference can be told ({basis}): it lies between {Number(low)} and {Number(high)}, and 0 is among that.{(p < Level ? " Alone it would look like one; among so many comparisons it does not." : "")}";
        }

        var odds = Math.Max(corrected ?? p, 1e-6);
        return $"{Number(Math.Abs(Difference))} ± {Number(half)} {Direction(larger)} ({basis}); chance alone makes as much about once in {Math.Round(1 / odds):N0} such comparisons.".ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Holm's step-down correction (Holm 1979): with it, at most one in twenty families of comparisons shows a difference that is none.</summary>
    /// <returns>Adjusted p-values in the order given; those that are null stay so and do not count.</returns>
    public static IReadOnlyList<double?> Holm(IReadOnlyList<double?> ps)
    {
        ArgumentNullException.ThrowIfNull(ps);
        var adjusted = new double?[ps.Count];
        var ordered = ps.Index().Where(pair => pair.Item is not null).OrderBy(pair => pair.Item).ToList();
        var highest = 0.0;
        foreach (var (rank, (index, p)) in ordered.Index())
        {
            // p̃₍ᵢ₎ = max over j ≤ i of min(1, (m − j + 1) · p₍ⱼ₎).
            highest = Math.Max(highest, Math.Min(1, (ordered.Count - rank) * p!.Value));
            adjusted[index] = highest;
        }

        return adjusted;
    }

    private string Direction(bool larger) => Difference == 0 ? "apart" : Difference > 0 == larger ? "better" : "worse";

    private static Comparison Test(double difference, double error, double freedom, (int, int) runs)
    {
        if (error == 0)
        {
            // The same number for every seed: no seed made any difference, so every difference is one.
            return new() { Difference = difference, Low = difference, High = difference, P = difference == 0 ? 1 : 0, Runs = runs };
        }

        var half = StudentT.InvCDF(0, 1, freedom, 1 - (Level / 2)) * error;
        return new() { Difference = difference, Low = difference - half, High = difference + half, P = 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(difference / error)), Runs = runs };
    }

    private static Dictionary<int, double> Finite(IReadOnlyDictionary<int, double> numbers) => numbers.Where(pair => double.IsFinite(pair.Value)).ToDictionary();

    private static string Number(double value) => value.ToString(Math.Abs(value) switch { >= 100 => "0", >= 10 => "0.0", >= 0.1 => "0.00", _ => "0.##e0" }, CultureInfo.InvariantCulture);
}
