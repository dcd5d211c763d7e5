using System.Text.Json.Serialization;
using CatchUp.Contracts.Specifications;
using CatchUp.Search.Objectives;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Searches;

/// <summary>A number that a search makes small or large.</summary>
public sealed record SearchObjective
{
    /// <summary>The word for time on a slot where a metric's name would stand.</summary>
    public const string GpuHours = "gpu-hours";

    public required SearchMeasure Measure { get; init; }

    public required string Metric { get; init; }

    /// <summary>Null for what is no metric, and in a file that leaves it open.</summary>
    public SolverKind? Solver { get; init; }

    /// <summary>One for a point, several for an area or the best.</summary>
    public IReadOnlyList<int> Nfe { get; init; } = [];

    public int Head { get; init; } = 1;

    public required Goal Goal { get; init; }

    /// <summary>In words, for tables.</summary>
    [JsonIgnore]
    public string Text => Measure switch
    {
        SearchMeasure.GpuHours => "GPU-hours",
        SearchMeasure.Point => $"{Metric} · {SweepObjectives.Word(Solver!.Value)} · NFE {Nfe[0]}{Heads}",
        SearchMeasure.Area => $"area under {Metric} · {SweepObjectives.Word(Solver!.Value)} · NFE {string.Join(", ", Nfe)}{Heads}",
        _ => $"best {Metric} · {SweepObjectives.Word(Solver!.Value)} · NFE {string.Join(", ", Nfe)}{Heads}",
    };

    private string Heads => Head == 1 ? "" : $" · head {Head}";

    internal static SearchObjective Of(SweepObjective objective) => new()
    {
        Measure = SearchMeasure.Point,
        Metric = objective.Metric,
        Solver = objective.Solver,
        Nfe = [objective.Nfe],
        Head = objective.Head,
        Goal = objective.Goal == SweepGoal.Maximize ? Goal.Maximize : Goal.Minimize,
    };

    /// <summary>The number that is measured at one NFE of this objective.</summary>
    internal SweepObjective At(int nfe) => new(Metric, Solver!.Value, nfe, Head, Goal == Goal.Maximize ? SweepGoal.Maximize : SweepGoal.Minimize);

    /// <summary>The objective of one evaluated step; NaN when something of it is missing or not a number.</summary>
    /// <param name="points">NFE and value of the metric with the solver and head.</param>
    internal double Of(IReadOnlyList<(int Nfe, double Value)> points)
    {
        var wanted = points.Where(point => Nfe.Contains(point.Nfe)).DistinctBy(point => point.Nfe).ToList();
        return Measure switch
        {
            SearchMeasure.Point => ObjectiveCurve.At(wanted, Nfe[0]),
            SearchMeasure.Area => wanted.Count == Nfe.Count ? ObjectiveCurve.Area(wanted) : double.NaN,
            _ => wanted.Count == Nfe.Count ? ObjectiveCurve.Best(wanted.Select(point => point.Value), Goal) : double.NaN,
        };
    }
}
