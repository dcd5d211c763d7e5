namespace CatchUp.Statistics.Importance;

/// <summary>
/// Which keys of a configuration a metric hangs on: functional ANOVA over a random forest (Hutter, Hoos and Leyton-Brown 2014, "An
/// Efficient Approach for Assessing Hyperparameter Importance"). A tree's prediction ŷ is averaged over all keys but one, a_j(x) =
/// E[ŷ | x_j = x], exactly from the tree's leaves; the share of key j is V_j / V with V_j = Var a_j(x_j) and V = Var ŷ.
/// </summary>
/// <remarks>
/// Averages are over the values that each key has in the given runs, as often as it has them, keys taken as independent; the paper's are
/// uniform over the search space. So the shares are about what was tried: a key that was hardly varied has little.
/// </remarks>
/// <param name="Keys">Those in which the runs differ, the most important first; empty when <see cref="NotEnough"/> is said.</param>
/// <param name="Interactions">The share that hangs on several keys together: 1 − the sum of the keys' own.</param>
/// <param name="OutOfBagR2">How much of the variance the forest predicts of runs that were held back, at most 1; null when none was grown. It says how far to believe the rest.</param>
/// <param name="Runs">With a finite value.</param>
/// <param name="NonFinite">Runs left out because their value is NaN or ±∞.</param>
/// <param name="NotEnough">Why nothing can be told, in words; null when something can.</param>
public sealed record ParameterImportance(
    IReadOnlyList<KeyImportance> Keys,
    double Interactions,
    double? OutOfBagR2,
    int Runs,
    int NonFinite,
    string? NotEnough)
{
    /// <param name="seed">Of the forest: the same runs in the same order with the same seed give the same numbers.</param>
    /// <exception cref="OperationCanceledException">It was cancelled: a forest over many runs takes seconds.</exception>
    public static ParameterImportance Of(IReadOnlyList<Observation> runs, int seed, CancellationToken cancellation = default)
    {
        var fitted = FittedRuns.Of(runs, seed, cancellation);
        var nonFinite = runs.Count - fitted.Finite.Count;
        if (fitted is not { NotEnough: null, Forest: { } forest })
        {
            return new([], 0, fitted.Forest?.OutOfBagR2, fitted.Finite.Count, nonFinite, fitted.NotEnough);
        }

        var trees = forest.Bags.AsParallel().AsOrdered().WithCancellation(cancellation).Select(bag => (Marginals: Marginals(bag.Tree, forest.Features, out var variance), Variance: variance)).ToList();

        // A tree of one leaf says nothing about shares; a forest that predicts has others.
        var shares = trees.Where(tree => tree.Variance > 0).Select(tree => Shares(tree.Marginals, tree.Variance, forest.Features)).ToList();
        var keys = forest.Features.Select((feature, index) =>
        {
            cancellation.ThrowIfCancellationRequested();
            var mean = shares.Average(tree => tree[index]);
            return new KeyImportance(
                feature.Key,
                mean,
                Math.Sqrt(shares.Average(tree => Math.Pow(tree[index] - mean, 2))),
                forest.PermutationImportance(index, seed),
                [.. Enumerable.Range(0, feature.Shares.Length).Select(level => Prediction(feature, level, [.. trees.Select(tree => forest.InUnits(tree.Marginals[index][level]))]))]);
        });
        return new([.. keys.OrderByDescending(key => key.Share)], 1 - shares.Average(tree => tree.Sum()), forest.OutOfBagR2, fitted.Finite.Count, nonFinite, null);
    }

    private static MarginalPrediction Prediction(Feature feature, int level, double[] trees)
    {
        var (from, to) = feature.ValuesOf(level);
        var mean = trees.Average();
        return new(from, to, feature.Shares[level], mean, Math.Sqrt(trees.Average(tree => (tree - mean) * (tree - mean))));
    }

    /// <summary>[features]: V_j / V of one tree.</summary>
    internal static double[] Shares(RegressionTree tree, Feature[] features) => Shares(Marginals(tree, features, out var variance), variance, features);

    private static double[] Shares(double[][] marginals, double variance, Feature[] features) => [.. features.Select((feature, index) =>
    {
        var mean = feature.Shares.Select((share, level) => share * marginals[index][level]).Sum();
        return feature.Shares.Select((share, level) => share * Math.Pow(marginals[index][level] - mean, 2)).Sum() / variance;
    })];

    /// <summary>[features][levels]: a_j(x) of one tree, in the forest's unit.</summary>
    /// <param name="variance">Of the tree's prediction; 0 for a tree of one leaf.</param>
    private static double[][] Marginals(RegressionTree tree, Feature[] features, out double variance)
    {
        var sets = features.Select(feature => feature.All).ToArray();
        var parts = features.Select(_ => 1.0).ToArray();
        var marginals = features.Select(feature => new double[feature.Shares.Length]).ToArray();
        // Σ over leaves of weight · value: of all, and of those on whose path the feature is. A leaf adds the same to all levels of the others.
        var (mean, meanOfSquares) = (0.0, 0.0);
        var onPath = new double[features.Length];
        Visit(0);

        variance = tree.Nodes.Count > 1 ? meanOfSquares - (mean * mean) : 0;
        for (var index = 0; index < features.Length; index++)
        {
            for (var level = 0; level < marginals[index].Length; level++)
            {
                marginals[index][level] += mean - onPath[index];
            }
        }

        return marginals;

        void Visit(int at)
        {
            var node = tree.Nodes[at];
            if (node.Left == 0)
            {
                Add(node.Value);
                return;
            }

            var (set, part) = (sets[node.Feature], parts[node.Feature]);
            Narrow(set & node.GoesLeft);
            Visit(node.Left);
            Narrow(set & ~node.GoesLeft);
            Visit(node.Right);
            (sets[node.Feature], parts[node.Feature]) = (set, part);

            void Narrow(ulong narrowed) => (sets[node.Feature], parts[node.Feature]) = (narrowed, features[node.Feature].Share(narrowed));
        }

        void Add(double value)
        {
            var weight = 1.0;
            foreach (var part in parts)
            {
                weight *= part;
            }

            mean += weight * value;
            meanOfSquares += weight * value * value;
            for (var index = 0; index < features.Length; index++)
            {
                if (sets[index] == features[index].All)
                {
                    continue;
                }

                onPath[index] += weight * value;
                for (var level = 0; level < marginals[index].Length; level++)
                {
                    // A leaf holds a run, so no part is 0.
                    marginals[index][level] += (sets[index] >> level & 1) == 0 ? 0 : weight / parts[index] * value;
                }
            }
        }
    }
}
