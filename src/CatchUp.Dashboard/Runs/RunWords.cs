using CatchUp.Contracts.Runs;
using CatchUp.Dashboard.Charts;
using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Runs;

/// <summary>Facts of a run in the few words that fit into a list.</summary>
internal static class RunWords
{
    public static double Share(RunSummary run) => run.State == RunState.Completed ? 1 : run.Steps <= 0 ? 0 : Math.Clamp((double)run.Step / run.Steps, 0, 1);

    /// <summary>"62 % · 1 min left", "300 steps", "0 %".</summary>
    public static string ShortProgress(RunSummary run) => run.State switch
    {
        RunState.Completed => $"{Figures.Count(run.Steps)} steps",
        RunState.Running when run.Phase is not (null or "training") => run.Phase!,
        RunState.Running when run.Remaining is { } remaining && run.Order == Contracts.Workers.OrderKind.Continue => $"{Percent(run)} · {Figures.Duration(remaining)} left",
        _ => Percent(run),
    };

    /// <summary>"186 of 300 steps, training, 2.3 steps/s".</summary>
    public static string Progress(RunSummary run)
    {
        var words = $"{Figures.Count(run.Step)} of {Figures.Count(run.Steps)} steps";
        if (run.State == RunState.Running)
        {
            words += run.Phase is null ? "" : $", {run.Phase}";
            words += run.StepsPerSecond is { } rate ? $", {Figures.Rate(rate)}" : "";
            words += run.Worker is null ? "" : $", on {run.Worker}";
        }

        return words;
    }

    /// <summary>"FID @ NFE 4"; the solver and the head only where they are not the usual ones.</summary>
    public static string Subject(Evaluation evaluation) => Subject(evaluation.Metric, evaluation.Solver, evaluation.Nfe, evaluation.Head);

    public static string Subject(string metric, string solver, int nfe, int head) =>
        $"{MetricWord.Of(metric)} @ NFE {Figures.Count(nfe)}{(solver == "euler" ? "" : $" · {solver}")}{(head <= 1 ? "" : $" · head {head}")}";

    /// <summary>The run's name on the page of its sweep, where the sweep's own name need not come first.</summary>
    public static string NameWithin(RunSummary run, string? sweep) =>
        sweep is not null && run.Name.Length > sweep.Length + 1 && run.Name.StartsWith(sweep + "/", StringComparison.Ordinal) ? run.Name[(sweep.Length + 1)..] : run.Name;

    public static string Parameters(RunSummary run) => string.Join(", ", run.Parameters.Select(parameter => $"{parameter.Key} = {parameter.Value}"));

    public static string ShortParameters(RunSummary run)
    {
        string[] keys = [.. run.Parameters.Keys];
        return string.Join(" · ", run.Parameters.Select(parameter => $"{SweptKey.ShortNameOf(parameter.Key, keys)} {parameter.Value}"));
    }

    private static string Percent(RunSummary run) => $"{Math.Floor(Share(run) * 100):0} %";
}
