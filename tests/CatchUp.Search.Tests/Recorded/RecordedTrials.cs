using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Search.Spaces;

namespace CatchUp.Search.Tests.Recorded;

/// <summary>
/// The 64 trials of sweeps/fashion-random.yaml as they ran on the platform, each trained to its end: FID at NFE 4 at every 40th of 320
/// updates. A configuration that was never trained is given the curve of the recorded one nearest to it.
/// </summary>
public sealed class RecordedTrials
{
    public const int Full = 320, Every = 40;

    /// <summary>The space of the sweep's file.</summary>
    private const string SpaceText = """
        {
          "optimizer.learningRate": { "logUniform": [1e-4, 3e-2] },
          "objective.kind": ["rectified-flow", "catch-up"],
          "objective.order": { "choice": ["rk12", "rk23", "rk34"], "when": { "objective.kind": "catch-up" } },
          "objective.catchUpShare": { "uniform": [0.25, 1], "step": 0.25, "when": { "objective.kind": "catch-up" } },
          "ema.decay": { "uniform": [0.9, 0.998] },
          "network.dropout": { "uniform": [0, 0.2], "step": 0.05 }
        }
        """;

    /// <summary>How far apart the ends of each range are, after the logarithm where it is drawn so.</summary>
    private static readonly (string Name, Func<double, double> Scale)[] Numbers =
    [
        ("optimizer.learningRate", value => Math.Log(value) / Math.Log(300)),
        ("objective.catchUpShare", value => value / 0.75),
        ("ema.decay", value => value / 0.098),
        ("network.dropout", value => value / 0.2),
    ];

    private static readonly string[] Words = ["objective.kind", "objective.order"];

    private readonly List<(JsonObject Parameters, double[] Fid)> _trials;

    private RecordedTrials(List<(JsonObject Parameters, double[] Fid)> trials) => _trials = trials;

    public int Count => _trials.Count;

    public double Best => _trials.Min(trial => trial.Fid[^1]);

    public static SearchSpace Space => SpaceReader.Read(JsonNode.Parse(SpaceText)!.AsObject()).Space!;

    public static RecordedTrials Read()
    {
        using var file = typeof(RecordedTrials).Assembly.GetManifestResourceStream("fashion-random.json")!;
        var trials = JsonNode.Parse(file)!["trials"]!.AsArray();
        return new RecordedTrials([.. trials.Select(trial => (trial!["parameters"]!.AsObject(), trial["fid"]!.Deserialize<double[]>()!))]);
    }

    /// <summary>FID of a recorded trial after so many updates.</summary>
    public double Fid(int trial, long steps) => _trials[trial].Fid[(steps / Every) - 1];

    /// <summary>The recorded trial that is most like a configuration: numbers by their share of the range, a word that differs counts as a whole range.</summary>
    public int Nearest(JsonObject configuration) => Enumerable.Range(0, Count).MinBy(trial => Distance(configuration, _trials[trial].Parameters));

    private static double Distance(JsonObject left, JsonObject right) =>
        Words.Sum(name => left[name]?.ToString() == right[name]?.ToString() ? 0 : 1)
        + Numbers.Sum(number => (left[number.Name], right[number.Name]) is ({ } one, { } other) ? Math.Pow(number.Scale(Value(one)) - number.Scale(Value(other)), 2) : 0);

    private static double Value(JsonNode node) => double.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);
}
