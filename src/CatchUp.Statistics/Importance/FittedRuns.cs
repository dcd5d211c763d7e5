namespace CatchUp.Statistics.Importance;

/// <summary>Runs with a finite value, the keys in which they differ, and a forest over both.</summary>
internal sealed class FittedRuns
{
    public const int FewestConfigurations = 10;

    /// <summary>Below it a forest that predicts nothing is common by chance, and its numbers would be made of noise.</summary>
    public const double LowestR2 = 0.2;

    private FittedRuns(IReadOnlyList<Observation> finite, RegressionForest? forest, string? notEnough)
    {
        (Finite, Forest, NotEnough) = (finite, forest, notEnough);
    }

    public IReadOnlyList<Observation> Finite { get; }

    /// <summary>Null where none could be grown.</summary>
    public RegressionForest? Forest { get; }

    /// <summary>Why these runs tell nothing; null when they do.</summary>
    public string? NotEnough { get; }

    public static FittedRuns Of(IReadOnlyList<Observation> runs, int seed, CancellationToken cancellation = default)
    {
        List<Observation> finite = [.. runs.Where(run => double.IsFinite(run.Value))];
        Feature[] features = [.. finite
            .SelectMany(run => run.Configuration.Keys)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(key => new Feature(key, [.. finite.Select(run => run.Configuration.GetValueOrDefault(key))]))
            .Where(feature => feature.Shares.Length > 1)];
        var configurations = RegressionForest.Configurations(features, finite.Count);
        if (configurations.Length < FewestConfigurations)
        {
            return new(finite, null, $"Not enough runs to tell: {configurations.Length} different configurations have a finite value, and at least {FewestConfigurations} are needed.");
        }

        double[] values = [.. finite.Select(run => run.Value)];
        var mean = values.Average();
        var variance = values.Average(value => (value - mean) * (value - mean));
        if (!double.IsFinite(variance) || Math.Sqrt(variance) <= 1e-13 * values.Max(Math.Abs))
        {
            return new(finite, null, double.IsFinite(variance) ? "Nothing to explain: all runs have the same value." : "The values are too large to be explained.");
        }

        var forest = new RegressionForest(features, values, configurations, seed, cancellation);
        return new(finite, forest, forest.OutOfBagR2 >= LowestR2
            ? null
            : "Not enough runs to tell: the configurations of these runs do not predict the value of runs that were held back.");
    }
}
