using System.Globalization;
using CatchUp.Contracts.Journal;
using CatchUp.Statistics.Comparisons;
using CatchUp.Statistics.Samples;
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
            .Select(group => new FidProtocol(group.Key.Metric, group.Key.Fingerprint, group.First().Protocol, group.Count(), group.First().Gate > 0) { Example = group.First() })
            .OrderBy(protocol => protocol.IsGate)
            .ThenBy(protocol => protocol.Metric != "fid")
            .ThenByDescending(protocol => protocol.Count)
            .ThenBy(protocol => protocol.Fingerprint, StringComparer.Ordinal),
    ];

    /// <summary>The solvers and heads of the protocol's numbers, the most used first.</summary>
    public static IReadOnlyList<FidSampler> Samplers(IReadOnlyList<Evaluation> evaluations, FidProtocol protocol) =>
    [
        .. evaluations.Where(protocol.Holds)
            .GroupBy(FidSampler.Of)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key.Solver, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Head)
            .Select(group => group.Key),
    ];

    /// <summary>A line for each run, solver and head, of the run's last evaluated step.</summary>
    public static IReadOnlyList<FidLine> ByRun(IReadOnlyList<Evaluation> evaluations, FidProtocol protocol, IReadOnlyList<ChartRun> runs, IReadOnlyDictionary<long, SeriesStyle> styles) =>
        Of(evaluations, protocol, [.. runs.Select(run => new FidSubject(run.Id.ToString(CultureInfo.InvariantCulture), run.Label, styles.GetValueOrDefault(run.Id), [(run.Id, 0)]))], CheckpointChoice.Last);

    /// <summary>A line for each subject, solver and head.</summary>
    /// <param name="only">This solver and head alone.</param>
    public static IReadOnlyList<FidLine> Of(IReadOnlyList<Evaluation> evaluations, FidProtocol protocol, IReadOnlyList<FidSubject> subjects, CheckpointChoice choice, FidSampler? only = null)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        var of = evaluations.Where(evaluation => protocol.Holds(evaluation) && (only is null || FidSampler.Of(evaluation) == only)).ToLookup(evaluation => evaluation.RunId);
        var several = of.SelectMany(run => run).Select(FidSampler.Of).Distinct().Count() > 1;
        var larger = MetricLabel.LargerIsBetter(protocol.Metric);
        return
        [
            .. subjects.SelectMany(subject => subject.Runs.SelectMany(run => of[run.Id])
                .GroupBy(FidSampler.Of)
                .OrderBy(group => group.Key.Solver, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Head)
                .Select((group, index) => new FidLine(
                    $"{subject.Key}/{group.Key.Solver}/{group.Key.Head}",
                    several ? $"{subject.Label} · {group.Key.Words}" : subject.Label,
                    subject.Style with { Dash = subject.Style.Dash + index },
                    Points([.. group], subject, choice, larger))
                {
                    Subject = subject.Key,
                })),
        ];
    }

    /// <summary>A line for each evaluated step of one run, by solver and head; the last step comes first.</summary>
    /// <param name="only">This solver and head alone.</param>
    public static IReadOnlyList<FidLine> ByStep(IReadOnlyList<Evaluation> evaluations, FidProtocol protocol, FidSampler? only = null)
    {
        var of = evaluations.Where(evaluation => protocol.Holds(evaluation) && (only is null || FidSampler.Of(evaluation) == only)).ToList();
        var several = of.Select(FidSampler.Of).Distinct().Count() > 1;
        return
        [
            .. of
                .GroupBy(evaluation => (evaluation.Step, evaluation.Solver, evaluation.Head))
                .OrderByDescending(group => group.Key.Step)
                .ThenBy(group => group.Key)
                .Select((group, index) => new FidLine(
                    string.Create(CultureInfo.InvariantCulture, $"{group.Key.Step}/{group.Key.Solver}/{group.Key.Head}"),
                    string.Create(CultureInfo.InvariantCulture, $"step {group.Key.Step:N0}{(several ? $" · {group.Key.Solver}, head {group.Key.Head}" : "")}"),
                    SeriesPalette.At(index),
                    [.. group.GroupBy(evaluation => evaluation.Nfe).OrderBy(same => same.Key).Select(same => Single(same.MaxBy(evaluation => evaluation.Id)!, 0))])),
        ];
    }

    /// <summary>At each NFE the best of all lines: which one it is from goes with it.</summary>
    public static FidLine Envelope(IReadOnlyList<FidLine> lines, bool larger, string label) => new(
        "envelope",
        label,
        default,
        [
            .. lines.SelectMany(line => line.Points.Where(point => double.IsFinite(point.Value)).Select(point => point with { From = point.From ?? line.Label }))
                .GroupBy(point => point.Nfe)
                .OrderBy(group => group.Key)
                .Select(group => larger ? group.MaxBy(point => point.Value)! : group.MinBy(point => point.Value)!),
        ]);

    /// <summary>
    /// Only the best lines are named and drawn strongly, by their number at the NFE; the others are drawn faintly. All keep their colour and dash, which they have
    /// in the charts beside this one too.
    /// </summary>
    public static IReadOnlyList<FidLine> Foremost(IReadOnlyList<FidLine> lines, int count, int nfe, bool larger)
    {
        if (lines.Count <= count)
        {
            return lines;
        }

        var first = lines
            .Select(line => (line.Key, line.At(nfe)?.Value))
            .Where(line => line.Value is { } value && double.IsFinite(value))
            .OrderBy(line => larger ? -line.Value : line.Value)
            .Take(count)
            .Select((line, index) => (line.Key, index))
            .ToDictionary();
        return
        [
            .. lines.Where(line => !first.ContainsKey(line.Key)).Select(line => line with { Faint = true }),
            .. lines.Where(line => first.ContainsKey(line.Key)).OrderBy(line => first[line.Key]),
        ];
    }

    private static List<FidPoint> Points(IReadOnlyList<Evaluation> of, FidSubject subject, CheckpointChoice choice, bool larger)
    {
        if (choice == CheckpointChoice.Last)
        {
            var last = of.GroupBy(evaluation => evaluation.RunId).ToDictionary(run => run.Key, run => run.Max(evaluation => evaluation.Step));
            return [.. of.Where(evaluation => evaluation.Step == last[evaluation.RunId]).GroupBy(evaluation => evaluation.Nfe).OrderBy(group => group.Key).Select(group => Mean([.. group], subject))];
        }

        return [.. of.GroupBy(evaluation => evaluation.Nfe).OrderBy(group => group.Key).Select(group => Best([.. group], subject, larger))];
    }

    /// <summary>
    /// The step is chosen by the mean over all runs, once for all of them: the best step of each run would lower the mean by what the
    /// runs' noise alone makes. Only steps that have as many finite numbers as any are chosen from.
    /// </summary>
    private static FidPoint Best(IReadOnlyList<Evaluation> atOneNfe, FidSubject subject, bool larger)
    {
        var steps = atOneNfe.GroupBy(evaluation => evaluation.Step).OrderBy(step => step.Key).Select(step => Mean([.. step], subject)).ToList();
        var most = steps.Max(step => step.Values.Count);
        var candidates = steps.Where(step => step.Values.Count == most).ToList();
        var best = most == 0 ? candidates[^1] : larger ? candidates.MaxBy(step => step.Value)! : candidates.MinBy(step => step.Value)!;
        return best with { BestOf = most == 0 ? 1 : candidates.Count };
    }

    /// <summary>One number a run, all at one NFE.</summary>
    private static FidPoint Mean(IReadOnlyList<Evaluation> evaluations, FidSubject subject)
    {
        // The same step may have been measured on two snapshots, of an attempt that was lost and of the one that went on.
        var of = evaluations.GroupBy(evaluation => evaluation.RunId).Select(run => run.MaxBy(evaluation => evaluation.Id)!).ToList();
        var missing = subject.Runs.Count - of.Count;
        var finite = of.Where(evaluation => double.IsFinite(evaluation.Value)).ToList();
        if (of.Count == 1 || finite.Count == 1)
        {
            var single = Single(finite.Count == 1 ? finite[0] : of[0], missing) with { NotFinite = of.Count - finite.Count };
            return single with { Values = [.. single.Values.Select(value => value with { Seed = SeedOf((finite.Count == 1 ? finite[0] : of[0]).RunId) })] };
        }

        var values = finite.Select(evaluation => new SeededValue(SeedOf(evaluation.RunId), evaluation.Value)).ToList();
        var summary = SampleSummary.Of(values.Select(value => value.Value));
        var (first, last) = (of.Min(evaluation => evaluation.Step), of.Max(evaluation => evaluation.Step));
        return new(of[0].Nfe, summary.Mean ?? double.NaN, summary.Interval?.Low, summary.Interval?.High, last)
        {
            Interval = summary.Interval is null ? FidInterval.None : FidInterval.Seeds,
            FirstStep = first == last ? null : first,
            Values = values,
            NotFinite = of.Count - finite.Count,
            Missing = missing,
        };

        long? SeedOf(long run) => subject.Runs.First(candidate => candidate.Id == run).Seed;
    }

    private static FidPoint Single(Evaluation evaluation, int missing) => new(evaluation.Nfe, evaluation.Value, evaluation.Low, evaluation.High, evaluation.Step)
    {
        Interval = evaluation is { Low: not null, High: not null } ? FidInterval.Images : FidInterval.None,
        Values = double.IsFinite(evaluation.Value) ? [new SeededValue(null, evaluation.Value)] : [],
        Missing = missing,
    };
}
