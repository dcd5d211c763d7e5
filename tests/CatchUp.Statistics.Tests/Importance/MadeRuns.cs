using CatchUp.Statistics.Importance;

namespace CatchUp.Statistics.Tests.Importance;

/// <summary>Runs whose value is a known function of their configuration.</summary>
internal static class MadeRuns
{
    public static Observation[] Draw(int runs, int seed, Func<Random, Dictionary<string, FeatureValue>> configuration, Func<Dictionary<string, FeatureValue>, Random, double> value)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, runs).Select(_ =>
        {
            var drawn = configuration(random);
            return new Observation(drawn, value(drawn, random));
        })];
    }

    /// <summary>Keys x1, x2, … between 0 and 1.</summary>
    public static Dictionary<string, FeatureValue> Uniform(Random random, int keys) =>
        Enumerable.Range(1, keys).ToDictionary(key => $"x{key}", _ => new FeatureValue(random.NextDouble()));

    public static double Number(this Dictionary<string, FeatureValue> configuration, string key) => configuration[key].Number!.Value;
}
