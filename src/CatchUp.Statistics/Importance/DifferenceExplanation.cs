using System.Numerics;

namespace CatchUp.Statistics.Importance;

/// <summary>
/// Which keys make chosen runs differ: a random forest over all runs predicts what each key's change does, and a key's contribution is
/// its Shapley value (Shapley 1953; Strumbelj and Kononenko 2014): the change of the prediction when the key takes the other run's value,
/// averaged over all orders in which the keys may change.
/// </summary>
/// <param name="Keys">Those in which a chosen run differs from the first one, by amount; empty when <see cref="NotEnough"/> is said.</param>
/// <param name="Differences">From the first chosen run to each other one, in the order they were chosen.</param>
/// <param name="OutOfBagR2">How much of the variance the forest predicts of runs that were held back; null when none was grown.</param>
/// <param name="NotEnough">Why nothing can be told, in words; null when something can.</param>
public sealed record DifferenceExplanation(
    IReadOnlyList<RankedKey> Keys,
    IReadOnlyList<ExplainedDifference> Differences,
    double? OutOfBagR2,
    string? NotEnough)
{
    /// <summary>Up to so many differing keys all their subsets are gone through; above, orders are drawn.</summary>
    public const int MostExact = 8;

    /// <summary>Drawn orders, each of which is taken backwards too.</summary>
    public const int Orders = 100;

    /// <param name="runs">All that may teach the forest, the chosen ones among them.</param>
    /// <param name="chosen">Indices of at least two of the runs; differences are counted from the first.</param>
    /// <param name="seed">Of the forest and of drawn orders.</param>
    /// <exception cref="ArgumentException">Fewer than two runs are chosen, or one that is not there.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static DifferenceExplanation Of(IReadOnlyList<Observation> runs, IReadOnlyList<int> chosen, int seed, CancellationToken cancellation = default)
    {
        if (chosen.Count < 2 || chosen.Any(run => run < 0 || run >= runs.Count))
        {
            throw new ArgumentException("Choose at least two of the runs.", nameof(chosen));
        }

        if (chosen.Any(run => !double.IsFinite(runs[run].Value)))
        {
            return new([], [], null, "A chosen run has no finite value, so there is no difference to explain.");
        }

        var fitted = FittedRuns.Of(runs, seed, cancellation);
        if (fitted is not { NotEnough: null, Forest: { } forest })
        {
            return new([], [], fitted.Forest?.OutOfBagR2, OnlyKey(runs, chosen) is { } only
                ? $"{fitted.NotEnough} The chosen runs differ in {only} alone, so the difference is due to it or to chance."
                : fitted.NotEnough);
        }

        // The forest knows the runs by their number among those with a finite value.
        var numbers = Enumerable.Range(0, runs.Count).Where(run => double.IsFinite(runs[run].Value)).Select((run, number) => (run, number)).ToDictionary();
        var differences = chosen.Skip(1).Select(run => Explain(runs, numbers, chosen[0], run, forest, seed)).ToList();
        var keys = differences
            .SelectMany(difference => difference.Contributions)
            .GroupBy(key => key.Key, key => Math.Abs(key.Contribution) / differences.Count)
            .Select(same => new RankedKey(same.Key, same.Sum()))
            .OrderByDescending(key => key.Amount);
        return new([.. keys], differences, forest.OutOfBagR2, null);
    }

    private static string? OnlyKey(IReadOnlyList<Observation> runs, IReadOnlyList<int> chosen)
    {
        var differing = chosen
            .SelectMany(run => runs[run].Configuration.Keys)
            .Distinct()
            .Where(key => chosen.Select(run => runs[run].Configuration.GetValueOrDefault(key)).Distinct().Count() > 1)
            .Take(2)
            .ToList();
        return differing.Count == 1 ? differing[0] : null;
    }

    private static ExplainedDifference Explain(IReadOnlyList<Observation> runs, Dictionary<int, int> numbers, int from, int to, RegressionForest forest, int seed)
    {
        var (a, b) = (forest.Levels(numbers[from]), forest.Levels(numbers[to]));
        int[] differing = [.. Enumerable.Range(0, forest.Features.Length).Where(index => ValueOf(from, index) != ValueOf(to, index))];
        var contributions = differing.Length <= MostExact ? Exact(forest, a, b, differing) : Drawn(forest, a, b, differing, new Random(seed));
        return new(from, to, runs[to].Value - runs[from].Value, [.. differing
            .Zip(contributions, (index, contribution) => new KeyContribution(forest.Features[index].Key, ValueOf(from, index), ValueOf(to, index), contribution))
            .OrderByDescending(key => Math.Abs(key.Contribution))]);

        FeatureValue ValueOf(int run, int feature) => runs[run].Configuration.GetValueOrDefault(forest.Features[feature].Key);
    }

    /// <summary>φ_j = Σ over subsets S without j of |S|! (m − |S| − 1)! / m! · (v(S ∪ j) − v(S)), where v(S) has the keys of S from B.</summary>
    private static double[] Exact(RegressionForest forest, byte[] a, byte[] b, int[] differing)
    {
        var m = differing.Length;
        var levels = (byte[])a.Clone();
        var v = new double[1 << m];
        for (var subset = 0; subset < v.Length; subset++)
        {
            for (var key = 0; key < m; key++)
            {
                levels[differing[key]] = ((subset >> key & 1) == 0 ? a : b)[differing[key]];
            }

            v[subset] = forest.Predict(levels);
        }

        // |S|! (m − |S| − 1)! / m! = 1 / (m · C(m − 1, |S|))
        var weights = new double[m];
        var choose = 1.0;
        for (var size = 0; size < m; size++)
        {
            weights[size] = 1 / (m * choose);
            choose *= (m - 1.0 - size) / (size + 1);
        }

        var contributions = new double[m];
        for (var subset = 0; subset < v.Length; subset++)
        {
            for (var key = 0; key < m; key++)
            {
                if ((subset >> key & 1) == 0)
                {
                    contributions[key] += weights[BitOperations.PopCount((uint)subset)] * (v[subset | 1 << key] - v[subset]);
                }
            }
        }

        return contributions;
    }

    private static double[] Drawn(RegressionForest forest, byte[] a, byte[] b, int[] differing, Random random)
    {
        var order = Enumerable.Range(0, differing.Length).ToArray();
        var contributions = new double[differing.Length];
        for (var drawn = 0; drawn < 2 * Orders; drawn++)
        {
            if (drawn % 2 == 0)
            {
                random.Shuffle(order);
            }
            else
            {
                Array.Reverse(order);
            }

            var levels = (byte[])a.Clone();
            var before = forest.Predict(levels);
            foreach (var key in order)
            {
                levels[differing[key]] = b[differing[key]];
                var after = forest.Predict(levels);
                contributions[key] += (after - before) / (2 * Orders);
                before = after;
            }
        }

        return contributions;
    }
}
