using CatchUp.Statistics.Comparisons;

namespace CatchUp.Statistics.Tests.Comparisons;

/// <summary>Made runs: values of a known distribution by a seeded generator.</summary>
internal static class Made
{
    public static readonly IReadOnlyDictionary<string, Func<Random, double>> Shapes = new Dictionary<string, Func<Random, double>>
    {
        ["normal"] = Normal,
        ["exponential"] = random => -Math.Log(1 - random.NextDouble()),
        ["log-normal"] = random => Math.Exp(Normal(random)),
    };

    /// <summary>Box and Muller 1958.</summary>
    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static SeededValue[] Runs(Random random, Func<Random, double> draw, int count, bool seeded) =>
        [.. Enumerable.Range(0, count).Select(index => new SeededValue(seeded ? index : null, draw(random)))];
}
