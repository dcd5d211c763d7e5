using System.Globalization;
using CatchUp.Tracking.Evaluations;

namespace CatchUp.Dashboard.Charts;

/// <summary>Makes the lines of the FID–NFE chart. Numbers of unlike protocols never meet in one line or one chart.</summary>
public static class FidLines
{
    /// <summary>The protocols among the evaluations, the most used first and those of gates last.</summary>
    public static IReadOnlyList<FidProtocol> Protocols(IReadOnlyList<Evaluation> evaluations) =>
    [
        .. evaluations
            .GroupBy(evaluation => (evaluation.Metric, evaluation.Fingerprint))
            .Select(group => new FidProtocol(group.Key.Metric, group.Key.Fingerprint, group.First().Protocol, group.Count(), group.First().Gate > 0))
            .OrderBy(protocol => protocol.IsGate)
            .ThenBy(protocol => protocol.Metric != "fid")
            .ThenByDescending(protocol => protocol.Count)
            .ThenBy(protocol => protocol.Fingerprint, StringComparer.Ordinal),
    ];

    /// <summary>A line for each run, solver and head, of the run's last evaluated step.</summary>
    public static IReadOnlyList<FidLine> ByRun(IReadOnlyList<Evaluation> evaluations, FidProtocol protocol, IReadOnlyList<ChartRun> runs, IReadOnlyDictionary<long, SeriesStyle> styles)
    {
        var of = Of(evaluations, protocol);
        var several = of.Select(evaluation => (evaluation.Solver, evaluation.Head)).Distinct().Count() > 1;
        return
        [
            .. runs.SelectMany(run => of
                .Where(evaluation => evaluation.RunId == run.Id)
                .GroupBy(evaluation => (evaluation.Solver, evaluation.Head))
                .OrderBy(group => group.Key)
                .Select((group, index) =>
                {
                    var last = group.Max(evaluation => evaluation.Step);
                    var style = styles.GetValueOrDefault(run.Id);
                    return new FidLine(
                        string.Create(CultureInfo.InvariantCulture, $"{run.Id}/{group.Key.Solver}/{group.Key.Head}"),
                        several ? $"{run.Label} · {group.Key.Solver}, head {group.Key.Head}" : run.Label,
                        style with { Dash = style.Dash + index },
                        Points(group.Where(evaluation => evaluation.Step == last)));
                })),
        ];
    }

    /// <summary>A line for each evaluated step of one run, by solver and head; the last step comes first.</summary>
    public static IReadOnlyList<FidLine> ByStep(IReadOnlyList<Evaluation> evaluations, FidProtocol protocol)
    {
        var of = Of(evaluations, protocol);
        var several = of.Select(evaluation => (evaluation.Solver, evaluation.Head)).Distinct().Count() > 1;
        return
        [
            .. of
                .GroupBy(evaluation => (evaluation.Step, evaluation.Solver, evaluation.Head))
                .OrderByDescending(group => group.Key.Step)
                .ThenBy(group => group.Key)
                .Select((group, index) => new FidLine(
                    string.Create(CultureInfo.InvariantCulture, $"{group.Key.Step}/{group.Key.Solver}/{group.Key.Head}"),
                    several ? string.Create(CultureInfo.InvariantCulture, $"step {group.Key.Step:N0} · {group.Key.Solver}, head {group.Key.Head}") : string.Create(CultureInfo.InvariantCulture, $"step {group.Key.Step:N0}"),
                    SeriesPalette.At(index),
                    Points(group))),
        ];
    }

    private static List<Evaluation> Of(IReadOnlyList<Evaluation> evaluations, FidProtocol protocol) =>
        [.. evaluations.Where(evaluation => evaluation.Metric == protocol.Metric && evaluation.Fingerprint == protocol.Fingerprint)];

    private static List<FidPoint> Points(IEnumerable<Evaluation> evaluations) =>
        [.. evaluations.OrderBy(evaluation => evaluation.Nfe).Select(evaluation => new FidPoint(evaluation.Nfe, evaluation.Value, evaluation.Low, evaluation.High, evaluation.Step))];
}
