using CatchUp.Search.Spaces;

namespace CatchUp.Search.Tests.Methods;

/// <summary>
/// The estimator that Optuna's documentation describes as its default, written again from the papers for continua only: each parameter by
/// itself (Bergstra et al., 2011), ten random trials first, the best tenth good (at most 25), 24 candidates, a prior kernel over the whole
/// range, widths from the distances to the neighbours (Bergstra et al., 2013), and trials before the last 25 weighing less.
/// </summary>
internal static class RederivedTpe
{
    public static double Regret(TestFunction function, int seed, int trials)
    {
        var random = new Random(seed);
        var dimensions = function.Space.Parameters.Count;
        var seen = new List<(double[] Unit, double Value)>();
        var (best, regret) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var trial = 0; trial < trials; trial++)
        {
            var unit = new double[dimensions];
            for (var axis = 0; axis < dimensions; axis++)
            {
                unit[axis] = trial < 10 ? random.NextDouble() : Choose(seen, axis, random);
            }

            var configuration = function.Space.FromUnit(unit).ToJson();
            var value = function.Observe(configuration, (seed * 1000) + trial);
            seen.Add((unit, value));
            if (value < best)
            {
                (best, regret) = (value, function.Truth(configuration) - function.Minimum);
            }
        }

        return regret;
    }

    private static double Choose(List<(double[] Unit, double Value)> seen, int axis, Random random)
    {
        var count = Math.Min((int)Math.Ceiling(0.1 * seen.Count), 25);
        var good = seen.Index().OrderBy(item => item.Item.Value).Take(count).Select(item => item.Index).ToHashSet();
        var below = Kernels([.. seen.Index().Where(item => good.Contains(item.Index)).Select(item => item.Item.Unit[axis])]);
        var above = Kernels([.. seen.Index().Where(item => !good.Contains(item.Index)).Select(item => item.Item.Unit[axis])]);
        var (best, bestRatio) = (0.5, double.NegativeInfinity);
        for (var candidate = 0; candidate < 24; candidate++)
        {
            var chance = random.NextDouble();
            var kernel = below.SkipWhile(each => (chance -= each.Weight) > 0).DefaultIfEmpty(below[^1]).First();
            double x;
            do
            {
                x = kernel.Centre + (kernel.Width * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
            }
            while (x is < 0 or > 1);

            var ratio = Math.Log(Density(below, x)) - Math.Log(Density(above, x));
            (best, bestRatio) = ratio > bestRatio ? (x, ratio) : (best, bestRatio);
        }

        return best;
    }

    private static List<(double Centre, double Width, double Weight)> Kernels(double[] points)
    {
        // The last of them is the prior.
        double[] centres = [.. points, 0.5];
        var sorted = centres.Order().ToList();
        var ramp = points.Select((_, index) => points.Length < 25 || index >= points.Length - 25 ? 1 : (1.0 / points.Length) + ((1 - (1.0 / points.Length)) * index / Math.Max(1, points.Length - 26))).Append(1).ToList();
        return [.. centres.Select((centre, index) =>
        {
            var at = sorted.IndexOf(centre);
            var gap = Math.Max(centre - (at == 0 ? 0 : sorted[at - 1]), (at == sorted.Count - 1 ? 1 : sorted[at + 1]) - centre);
            return (centre, index == points.Length ? 1 : Math.Clamp(gap, 1.0 / Math.Min(100, 1 + centres.Length), 1), ramp[index] / ramp.Sum());
        })];
    }

    private static double Density(List<(double Centre, double Width, double Weight)> kernels, double x) => kernels.Sum(kernel =>
        kernel.Weight * Gaussian.Density((x - kernel.Centre) / kernel.Width) / kernel.Width / (Gaussian.Cumulative((1 - kernel.Centre) / kernel.Width) - Gaussian.Cumulative(-kernel.Centre / kernel.Width)));
}
