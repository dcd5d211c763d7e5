namespace CatchUp.Statistics.Importance;

/// <summary>
/// A random forest (Breiman 2001). Each tree draws configurations with repetition, and with each all its replicates, so that no run is
/// predicted from its own replicate when the forest is judged.
/// </summary>
internal sealed class RegressionForest
{
    public const int Trees = 64;

    private readonly double _mean;
    private readonly double _deviation;
    private readonly double[] _values;
    private readonly byte[][] _levels;

    /// <param name="values">[runs], finite, not all the same.</param>
    /// <param name="configurations">The runs by <see cref="Configurations"/>.</param>
    public RegressionForest(Feature[] features, double[] values, int[][] configurations, int seed, CancellationToken cancellation = default)
    {
        Features = features;
        _mean = values.Average();
        _deviation = Math.Sqrt(values.Average(value => (value - _mean) * (value - _mean)));
        _values = [.. values.Select(value => (value - _mean) / _deviation)];
        _levels = [.. Enumerable.Range(0, values.Length).Select(run => features.Select(feature => feature.Levels[run]).ToArray())];
        var random = new Random(seed);
        var seeds = Enumerable.Range(0, Trees).Select(_ => random.Next()).ToArray();
        Bags = [.. seeds.AsParallel().AsOrdered().WithCancellation(cancellation).Select(treeSeed => Bag(configurations, new Random(treeSeed)))];
        OutOfBagR2 = R2();
    }

    public Feature[] Features { get; }

    /// <summary>Each tree with the runs it has not seen.</summary>
    public IReadOnlyList<(RegressionTree Tree, int[] OutOfBag)> Bags { get; }

    /// <summary>
    /// The share of the values' variance that trees predict of runs they have not seen: 1 is all of it, 0 or less is no better than the mean.
    /// </summary>
    public double OutOfBagR2 { get; }

    /// <summary>The runs that are alike in all levels, in groups.</summary>
    public static int[][] Configurations(Feature[] features, int runs) => [.. Enumerable.Range(0, runs)
        .GroupBy(run => Convert.ToHexString([.. features.Select(feature => feature.Levels[run])]))
        .Select(same => same.ToArray())];

    public byte[] Levels(int run) => _levels[run];

    /// <summary>In the unit of the values.</summary>
    public double Predict(ReadOnlySpan<byte> levels)
    {
        var sum = 0.0;
        foreach (var (tree, _) in Bags)
        {
            sum += tree.Predict(levels);
        }

        return InUnits(sum / Bags.Count);
    }

    /// <summary>A tree's prediction in the unit of the values.</summary>
    public double InUnits(double prediction) => _mean + (_deviation * prediction);

    /// <summary>
    /// By how much the squared error of runs that a tree has not seen grows when a feature's values are shuffled among them, in shares
    /// of the values' variance, mean over trees (Breiman 2001, section 10).
    /// </summary>
    public double PermutationImportance(int feature, int seed)
    {
        var random = new Random(seed);
        var total = 0.0;
        Span<byte> levels = new byte[Features.Length];
        foreach (var (tree, outOfBag) in Bags.Where(bag => bag.OutOfBag.Length > 0))
        {
            var shuffled = outOfBag.ToArray();
            random.Shuffle(shuffled);
            var growth = 0.0;
            for (var index = 0; index < outOfBag.Length; index++)
            {
                var run = outOfBag[index];
                _levels[run].CopyTo(levels);
                var before = _values[run] - tree.Predict(levels);
                levels[feature] = _levels[shuffled[index]][feature];
                var after = _values[run] - tree.Predict(levels);
                growth += (after * after) - (before * before);
            }

            total += growth / outOfBag.Length;
        }

        return total / Bags.Count;
    }

    private (RegressionTree Tree, int[] OutOfBag) Bag(int[][] configurations, Random random)
    {
        var drawn = Enumerable.Range(0, configurations.Length).Select(_ => random.Next(configurations.Length)).ToArray();
        var seen = drawn.ToHashSet();
        int[] outOfBag = [.. Enumerable.Range(0, configurations.Length).Where(index => !seen.Contains(index)).SelectMany(index => configurations[index])];
        return (new(Features, _values, [.. drawn.SelectMany(index => configurations[index])], random), outOfBag);
    }

    private double R2()
    {
        var sums = new double[_values.Length];
        var counts = new int[_values.Length];
        foreach (var (tree, outOfBag) in Bags)
        {
            foreach (var run in outOfBag)
            {
                sums[run] += tree.Predict(_levels[run]);
                counts[run]++;
            }
        }

        var judged = Enumerable.Range(0, _values.Length).Where(run => counts[run] > 0).ToList();
        var error = judged.Sum(run => Math.Pow(_values[run] - (sums[run] / counts[run]), 2));
        // The values have mean 0.
        return 1 - (error / judged.Sum(run => _values[run] * _values[run]));
    }
}
