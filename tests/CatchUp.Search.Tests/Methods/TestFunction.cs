using System.Globalization;
using System.Text.Json.Nodes;
using CatchUp.Search.Ledger;
using CatchUp.Search.Spaces;

namespace CatchUp.Search.Tests.Methods;

/// <summary>Functions whose minimum is known, in the spaces in which they are usually searched.</summary>
public sealed record TestFunction(string Name, SearchSpace Space, double Minimum, Func<JsonObject, int, double> Observe, Func<JsonObject, double> Truth)
{
    private static readonly double[][] HartmannA =
    [
        [10, 3, 17, 3.5, 1.7, 8],
        [0.05, 10, 17, 0.1, 8, 14],
        [3, 3.5, 1.7, 10, 17, 8],
        [17, 8, 0.05, 10, 0.1, 14],
    ];

    private static readonly double[][] HartmannP =
    [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
        [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
        [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ];

    private static readonly double[] HartmannAlpha = [1, 1.2, 3, 3.2];

    public static TestFunction Branin { get; } = Exact("Branin", """{ "x": { "uniform": [-5, 10] }, "y": { "uniform": [0, 15] } }""", 0.39788735772973816, point =>
    {
        var (x, y) = (Number(point, "x"), Number(point, "y"));
        var bowl = y - (5.1 / (4 * Math.PI * Math.PI) * x * x) + (5 / Math.PI * x) - 6;
        return (bowl * bowl) + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x)) + 10;
    });

    public static TestFunction Hartmann6 { get; } = Exact("Hartmann-6", Cube(6, 0, 1), -3.322368011415515, point =>
    {
        var sum = 0.0;
        for (var i = 0; i < 4; i++)
        {
            var inner = Enumerable.Range(0, 6).Sum(j => HartmannA[i][j] * Math.Pow(Number(point, $"x{j}") - HartmannP[i][j], 2));
            sum -= HartmannAlpha[i] * Math.Exp(-inner);
        }

        return sum;
    });

    /// <summary>A sphere about (1, 1, 1, 1) seen through noise of deviation 1; regret is that of the truth at what looked best.</summary>
    public static TestFunction NoisySphere { get; } = Noisy("noisy sphere", Cube(4, -5, 5), 1.0, point => Enumerable.Range(0, 4).Sum(j => Math.Pow(Number(point, $"x{j}") - 1, 2)));

    /// <summary>Two branches with parameters of their own, the better of which has its minimum in a narrow place.</summary>
    public static TestFunction Conditional { get; } = Exact("conditional", """
        {
          "kind": ["plain", "learned", "mixed"],
          "rate": { "logUniform": [1e-5, 1e-1] },
          "width": { "integer": [1, 64], "when": { "kind": ["learned", "mixed"] } },
          "share": { "uniform": [0, 1], "when": { "kind": "mixed" } }
        }
        """, 0, point =>
    {
        var rate = Math.Pow(Math.Log10(Number(point, "rate")) + 3, 2);
        return point["kind"]!.GetValue<string>() switch
        {
            "plain" => 1 + rate,
            "learned" => 0.5 + rate + Math.Pow((Number(point, "width") - 40) / 20, 2),
            _ => rate + Math.Pow((Number(point, "width") - 24) / 10, 2) + (10 * Math.Pow(Number(point, "share") - 0.3, 2)),
        };
    });

    public static IReadOnlyList<TestFunction> All { get; } = [Branin, Hartmann6, NoisySphere, Conditional];

    /// <summary>Simple regret after a number of trials, one after the other: the truth at the best observed, above the minimum.</summary>
    public double Regret(SearchRules rules)
    {
        var ledger = new SearchLedger(Space, rules);
        var (best, regret) = (double.PositiveInfinity, double.PositiveInfinity);
        while (ledger.Next() is LedgerEntry.Proposed proposed)
        {
            var seen = Observe(proposed.Configuration, (rules.Seed * 1000) + proposed.Trial);
            ledger.Finish(proposed.Trial, [seen]);
            if (seen < best)
            {
                (best, regret) = (seen, Truth(proposed.Configuration) - Minimum);
            }
        }

        return regret;
    }

    public double MedianRegret(SearchMethod method, int trials, int seeds) => Median([.. Enumerable.Range(0, seeds).AsParallel().Select(seed => Regret(new SearchRules { Method = method, Seed = seed, Trials = trials }))]);

    public static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length % 2 == 1 ? values[values.Length / 2] : (values[(values.Length / 2) - 1] + values[values.Length / 2]) / 2;
    }

    public static double Number(JsonObject point, string name) => double.Parse(point[name]!.ToJsonString(), CultureInfo.InvariantCulture);

    private static string Cube(int dimensions, double low, double high) => new JsonObject(Enumerable.Range(0, dimensions).Select(j => KeyValuePair.Create($"x{j}", (JsonNode?)new JsonObject { ["uniform"] = new JsonArray(low, high) }))).ToJsonString();

    private static TestFunction Exact(string name, string space, double minimum, Func<JsonObject, double> truth) => new(name, Read(space), minimum, (point, _) => truth(point), truth);

    private static TestFunction Noisy(string name, string space, double deviation, Func<JsonObject, double> truth) =>
        new(name, Read(space), 0, (point, draw) => truth(point) + (deviation * Noise(draw)), truth);

    /// <summary>Standard normal by Box and Muller.</summary>
    private static double Noise(int draw)
    {
        var random = new Random(draw);
        return Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    private static SearchSpace Read(string json) => SpaceReader.Read(JsonNode.Parse(json)!.AsObject()).Space!;
}
