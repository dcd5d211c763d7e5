namespace CatchUp.Statistics.Importance;

/// <summary>
/// A regression tree (Breiman et al. 1984): each split sends some levels of one feature to the left and lowers the squared error most.
/// </summary>
internal sealed class RegressionTree
{
    /// <summary>A leaf holds at least so many of the drawn runs.</summary>
    public const int SmallestLeaf = 3;

    private readonly List<Node> _nodes = [];
    private readonly Feature[] _features;
    private readonly double[] _values;
    private readonly Random _random;

    /// <param name="values">[runs], of mean 0 and deviation 1.</param>
    /// <param name="runs">The drawn runs, with repetitions; they are put into another order.</param>
    /// <param name="random">Picks the features that a split may use.</param>
    public RegressionTree(Feature[] features, double[] values, int[] runs, Random random)
    {
        (_features, _values, _random) = (features, values, random);
        Grow(runs);
    }

    /// <summary>The nodes, the root first. A leaf has no left.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    public double Predict(ReadOnlySpan<byte> levels)
    {
        var at = 0;
        while (_nodes[at] is { Left: > 0 } node)
        {
            at = (node.GoesLeft >> levels[node.Feature] & 1) == 1 ? node.Left : node.Right;
        }

        return _nodes[at].Value;
    }

    private int Grow(Span<int> runs)
    {
        var sum = 0.0;
        foreach (var run in runs)
        {
            sum += _values[run];
        }

        var at = _nodes.Count;
        _nodes.Add(new(0, 0, 0, 0, sum / runs.Length));
        if (runs.Length < 2 * SmallestLeaf || BestSplit(runs, sum) is not { } split)
        {
            return at;
        }

        var levels = _features[split.Feature].Levels;
        var middle = 0;
        for (var index = 0; index < runs.Length; index++)
        {
            if ((split.GoesLeft >> levels[runs[index]] & 1) == 1)
            {
                (runs[middle], runs[index]) = (runs[index], runs[middle]);
                middle++;
            }
        }

        var left = Grow(runs[..middle]);
        var right = Grow(runs[middle..]);
        _nodes[at] = _nodes[at] with { Feature = split.Feature, GoesLeft = split.GoesLeft, Left = left, Right = right };
        return at;
    }

    private Split? BestSplit(ReadOnlySpan<int> runs, double sum)
    {
        // Five of six features, as in SMAC (Hutter et al. 2011), so that trees differ.
        var order = Enumerable.Range(0, _features.Length).ToArray();
        _random.Shuffle(order);
        Split? best = null;
        Span<double> sums = stackalloc double[64];
        Span<int> counts = stackalloc int[64];
        foreach (var feature in order.AsSpan(0, (int)Math.Ceiling(_features.Length * 5 / 6.0)))
        {
            sums.Clear();
            counts.Clear();
            var levels = _features[feature].Levels;
            foreach (var run in runs)
            {
                sums[levels[run]] += _values[run];
                counts[levels[run]]++;
            }

            if (_features[feature] is { IsOrdered: true, MissingLevel: { } missing } && counts[missing] > 0)
            {
                Scan(feature, missing, 1UL << missing, sums, counts, sum, runs.Length, ref best);
                Scan(feature, missing, 0, sums, counts, sum, runs.Length, ref best);
            }
            else
            {
                Scan(feature, -1, 0, sums, counts, sum, runs.Length, ref best);
            }
        }

        return best;
    }

    /// <summary>
    /// Tries each cut of the levels in their order, which for categories is that of their means: the best of all subsets is among those
    /// cuts (Fisher 1958).
    /// </summary>
    /// <param name="apart">A level that has no place in the order; −1 without.</param>
    /// <param name="goesLeft">That level, if it goes to the left.</param>
    private void Scan(int feature, int apart, ulong goesLeft, ReadOnlySpan<double> sums, ReadOnlySpan<int> counts, double sum, int count, ref Split? best)
    {
        Span<int> present = stackalloc int[64];
        Span<double> means = stackalloc double[64];
        var length = 0;
        for (var level = 0; level < _features[feature].Shares.Length; level++)
        {
            if (counts[level] > 0 && level != apart)
            {
                means[length] = sums[level] / counts[level];
                present[length++] = level;
            }
        }

        if (!_features[feature].IsOrdered)
        {
            means[..length].Sort(present[..length]);
        }

        var (leftSum, leftCount, left) = goesLeft == 0 ? (0.0, 0, 0UL) : (sums[apart], counts[apart], goesLeft);
        for (var index = -1; index < length - (goesLeft == 0 && apart >= 0 ? 0 : 1); index++)
        {
            if (index >= 0)
            {
                leftSum += sums[present[index]];
                leftCount += counts[present[index]];
                left |= 1UL << present[index];
            }

            if (leftCount < SmallestLeaf || count - leftCount < SmallestLeaf)
            {
                continue;
            }

            var rightSum = sum - leftSum;
            var gain = (leftSum * leftSum / leftCount) + (rightSum * rightSum / (count - leftCount)) - (sum * sum / count);
            if (gain > Math.Max(best?.Gain ?? 0, 1e-9))
            {
                best = new(feature, WithAbsent(feature, left, counts, present[..length], index, leftCount * 2 >= count), gain);
            }
        }
    }

    /// <summary>Levels that none of the runs here has: numbers go with the nearer side, others with the larger one.</summary>
    private ulong WithAbsent(int feature, ulong left, ReadOnlySpan<int> counts, ReadOnlySpan<int> present, int index, bool leftIsLarger)
    {
        for (var level = 0; level < _features[feature].Shares.Length; level++)
        {
            if (counts[level] > 0)
            {
                continue;
            }

            var goesLeft = _features[feature].IsOrdered && level != _features[feature].MissingLevel
                ? index >= 0 && (index == present.Length - 1 || 2 * level <= present[index] + present[index + 1])
                : leftIsLarger;
            left |= goesLeft ? 1UL << level : 0;
        }

        return left;
    }

    /// <param name="GoesLeft">The levels of the feature that go to the left.</param>
    /// <param name="Value">Mean of the drawn runs.</param>
    public readonly record struct Node(int Feature, ulong GoesLeft, int Left, int Right, double Value);

    private readonly record struct Split(int Feature, ulong GoesLeft, double Gain);
}
