namespace CatchUp.Statistics.Comparisons;

/// <summary>
/// Holm's step-down correction (Holm 1979): the chance that any of several true ties is called a difference stays at the level of one
/// test, however the tests hang together.
/// </summary>
public static class HolmCorrection
{
    /// <summary>
    /// Adjusted p-values in the given order: with p₍₁₎ ≤ p₍₂₎ ≤ …, p̃₍ᵢ₎ = max over j ≤ i of min(1, (m − j + 1) p₍ⱼ₎). One below the level
    /// is significant.
    /// </summary>
    /// <param name="pValues">Each from 0 to 1.</param>
    /// <param name="hypotheses">m: how many tests there are in all, when those given are only some of them. Never less than are given.</param>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues, int? hypotheses = null)
    {
        var m = hypotheses ?? pValues.Count;
        if (m < pValues.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(hypotheses), m, $"{pValues.Count} tests are given.");
        }

        foreach (var p in pValues.Where(p => !(p >= 0 && p <= 1)))
        {
            throw new ArgumentOutOfRangeException(nameof(pValues), p, "A p-value lies between 0 and 1.");
        }

        var adjusted = new double[pValues.Count];
        var highest = 0.0;
        foreach (var (index, step) in Ascending(pValues).Select((index, step) => (index, step)))
        {
            highest = Math.Max(highest, Math.Min(1, (m - step) * pValues[index]));
            adjusted[index] = highest;
        }

        return adjusted;
    }

    /// <summary>
    /// The level at which each test on its own comes to Holm's conclusion, α / (m − i + 1) at its step i: its p is below that exactly where
    /// the adjusted p is below α, and its interval of confidence 1 − that excludes 0. From the first tie on, all have the level of that step.
    /// </summary>
    internal static IReadOnlyList<double> Levels(IReadOnlyList<double> pValues, double level, int hypotheses)
    {
        var levels = new double[pValues.Count];
        var (step, stopped) = (0, false);
        foreach (var index in Ascending(pValues))
        {
            levels[index] = level / (hypotheses - step);
            stopped |= pValues[index] >= levels[index];
            step += stopped ? 0 : 1;
        }

        return levels;
    }

    private static IEnumerable<int> Ascending(IReadOnlyList<double> pValues) => Enumerable.Range(0, pValues.Count).OrderBy(index => pValues[index]);
}
