namespace CatchUp.Statistics.Importance;

/// <summary>
/// A key's values as at most 64 levels, so that a set of them is the bits of one number: each category, or each number, is a level; of
/// more numbers than <see cref="MostLevels"/> about equally many runs share one; a missing value is the last level.
/// </summary>
internal sealed class Feature
{
    /// <summary>Without the one of missing values.</summary>
    public const int MostLevels = 63;

    private readonly double[] _highest;
    private readonly double[] _lowest;
    private readonly Dictionary<string, int> _categories = [];

    /// <param name="values">The key's value in each run.</param>
    public Feature(string key, IReadOnlyList<FeatureValue> values)
    {
        Key = key;
        IsOrdered = values.All(value => value.Text is null);
        _highest = IsOrdered ? HighestOfLevels([.. values.Where(value => !value.IsMissing).Select(value => value.Number!.Value).Order()]) : [];
        _lowest = new double[_highest.Length];
        Array.Fill(_lowest, double.PositiveInfinity);
        if (!IsOrdered)
        {
            // Those that come most often have a level of their own, all others share the last.
            foreach (var category in values.Where(value => !value.IsMissing).CountBy(value => value.ToString()).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal))
            {
                _categories[category.Key] = Math.Min(_categories.Count, MostLevels - 1);
            }
        }

        var present = IsOrdered ? _highest.Length : Math.Min(_categories.Count, MostLevels);
        MissingLevel = values.Any(value => value.IsMissing) ? present : null;
        Levels = [.. values.Select(value => (byte)LevelOf(value))];
        Shares = new double[present + (MissingLevel is null ? 0 : 1)];
        foreach (var level in Levels)
        {
            Shares[level] += 1.0 / values.Count;
        }

        foreach (var value in values.Where(value => IsOrdered && !value.IsMissing))
        {
            var level = LevelOf(value);
            _lowest[level] = Math.Min(_lowest[level], value.Number!.Value);
        }
    }

    public string Key { get; }

    /// <summary>Whether levels have an order, which those of categories have not.</summary>
    public bool IsOrdered { get; }

    public int? MissingLevel { get; }

    /// <summary>[runs]</summary>
    public byte[] Levels { get; }

    /// <summary>[levels]: the share of runs that has each; they sum to 1.</summary>
    public double[] Shares { get; }

    public ulong All => Shares.Length == 64 ? ulong.MaxValue : (1UL << Shares.Length) - 1;

    /// <summary>The share of runs whose level is in the set.</summary>
    public double Share(ulong set)
    {
        var share = 0.0;
        for (var level = 0; level < Shares.Length; level++)
        {
            share += (set >> level & 1) == 0 ? 0 : Shares[level];
        }

        return share;
    }

    /// <summary>The smallest and the largest number of a level, the same twice for a category; missing for the level of missing values, and for that of all categories without one of their own.</summary>
    public (FeatureValue From, FeatureValue To) ValuesOf(int level)
    {
        if (level == MissingLevel)
        {
            return default;
        }

        if (IsOrdered)
        {
            return (new(_lowest[level]), new(_highest[level]));
        }

        var words = _categories.Where(pair => pair.Value == level).Select(pair => pair.Key).Take(2).ToList();
        return words.Count == 1 ? (new(words[0]), new(words[0])) : default;
    }

    private int LevelOf(FeatureValue value)
    {
        if (value.IsMissing)
        {
            return MissingLevel!.Value;
        }

        if (!IsOrdered)
        {
            return _categories[value.ToString()];
        }

        var index = Array.BinarySearch(_highest, value.Number!.Value);
        return index < 0 ? ~index : index;
    }

    private static double[] HighestOfLevels(double[] sorted)
    {
        var distinct = sorted.Distinct().ToArray();
        return distinct.Length <= MostLevels
            ? distinct
            : [.. Enumerable.Range(1, MostLevels).Select(level => sorted[(level * sorted.Length / MostLevels) - 1]).Distinct()];
    }
}
