namespace CatchUp.Search.Objectives;

/// <summary>Numbers made of a curve of quality over cost, such as FID over NFE.</summary>
public static class ObjectiveCurve
{
    /// <summary>
    /// Mean height of FID over log₂ NFE by trapezoids: each doubling of NFE counts alike. In units of the value; of one point, its value.
    /// </summary>
    /// <param name="points">NFE, at least 1 and each once, and value; in any order.</param>
    /// <exception cref="ArgumentException">There are no points, an NFE is there twice, or one is below 1.</exception>
    public static double Area(IReadOnlyList<(int Nfe, double Value)> points)
    {
        if (points.Count == 0 || points.Any(point => point.Nfe < 1) || points.Select(point => point.Nfe).Distinct().Count() != points.Count)
        {
            throw new ArgumentException("A curve has points of distinct NFE of at least 1.", nameof(points));
        }

        var sorted = points.OrderBy(point => point.Nfe).ToList();
        if (sorted.Count == 1)
        {
            return sorted[0].Value;
        }

        var area = sorted.Zip(sorted.Skip(1)).Sum(pair => (pair.First.Value + pair.Second.Value) / 2 * Math.Log2((double)pair.Second.Nfe / pair.First.Nfe));
        return area / Math.Log2((double)sorted[^1].Nfe / sorted[0].Nfe);
    }

    /// <summary>The best of some values; NaN counts as the worst, and of none the answer is NaN.</summary>
    public static double Best(IEnumerable<double> values, Goal goal)
    {
        var best = double.NaN;
        foreach (var value in values.Where(value => !double.IsNaN(value)))
        {
            best = double.IsNaN(best) || goal.Cost(value) < goal.Cost(best) ? value : best;
        }

        return best;
    }

    /// <summary>The value at a cost, exactly as it was measured; NaN when it was not.</summary>
    public static double At(IReadOnlyList<(int Nfe, double Value)> points, int nfe) => points.Where(point => point.Nfe == nfe).Select(point => point.Value).DefaultIfEmpty(double.NaN).First();
}
