namespace CatchUp.Statistics.Comparisons;

/// <summary>
/// The permutation test for pairs (Fisher 1935): if A and B were the same, each difference could as well have had the other sign.
/// p is the share of all sign patterns whose sum is at least as far from 0 as the one seen. It assumes nothing about the
/// distribution, and n pairs cannot give less than 2 / 2ⁿ.
/// </summary>
public static class SignFlipTest
{
    /// <summary>Up to so many pairs all 2ⁿ patterns are counted; above, <see cref="Draws"/> of them are drawn.</summary>
    public const int MostExact = 15;

    public const int Draws = 9_999;

    /// <summary>Two-sided p; drawn patterns count the one seen among them, p = (1 + hits) / (1 + draws) (Phipson and Smyth 2010).</summary>
    /// <param name="differences">Finite, at least one.</param>
    /// <param name="seed">Of the drawn patterns.</param>
    public static double PValue(IReadOnlyList<double> differences, int seed)
    {
        if (differences.Count == 0)
        {
            throw new ArgumentException("A permutation test needs a pair.", nameof(differences));
        }

        // Sums of the same numbers in another order differ in their last digits; equal ones must count as equal.
        var seen = Math.Abs(differences.Sum()) - (1e-12 * differences.Sum(Math.Abs));
        return differences.Count <= MostExact ? Exact(differences, seen) : Drawn(differences, seen, seed);
    }

    private static double Exact(IReadOnlyList<double> differences, double seen)
    {
        // A pattern and its mirror image have the same distance from 0, so the last sign stays.
        var free = differences.Count - 1;
        var hits = 0;
        for (var pattern = 0; pattern < 1 << free; pattern++)
        {
            var sum = differences[free];
            for (var index = 0; index < free; index++)
            {
                sum += (pattern >> index & 1) == 0 ? differences[index] : -differences[index];
            }

            hits += Math.Abs(sum) >= seen ? 1 : 0;
        }

        return (double)hits / (1 << free);
    }

    private static double Drawn(IReadOnlyList<double> differences, double seen, int seed)
    {
        var random = new Random(seed);
        var hits = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            var (sum, signs) = (0.0, 0);
            for (var index = 0; index < differences.Count; index++)
            {
                // A drawn number has 31 signs.
                signs = index % 31 == 0 ? random.Next() : signs >> 1;
                sum += (signs & 1) == 0 ? differences[index] : -differences[index];
            }

            hits += Math.Abs(sum) >= seen ? 1 : 0;
        }

        return (1.0 + hits) / (1 + Draws);
    }
}
