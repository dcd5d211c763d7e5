using System.Text.Json.Serialization;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Dashboard.Runs;
using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Dashboard.Sweeps;

/// <summary>Facts of a sweep in the few words that fit into a list.</summary>
internal static class SweepWords
{
    private static readonly RunState[] Order = [RunState.Completed, RunState.Pruned, RunState.Running, RunState.Paused, RunState.Queued, RunState.Failed, RunState.Cancelled];

    /// <summary>"FID @ NFE 4".</summary>
    public static string Goal(SweepObjective objective) => RunWords.Subject(objective.Metric, WordOf(objective.Solver), objective.Nfe, objective.Head);

    /// <summary>States that have runs, in the order in which a bar shows them.</summary>
    public static IEnumerable<(RunState State, int Runs)> States(SweepSummary sweep) =>
        Order.Select(state => (state, sweep.States.GetValueOrDefault(state))).Where(pair => pair.Item2 > 0);

    /// <summary>"12 completed, 1 running, 3 queued".</summary>
    public static string StatesInWords(SweepSummary sweep) =>
        string.Join(", ", States(sweep).Select(pair => $"{Figures.Count(pair.Runs)} {RunStateLook.Word(pair.State)}"));

    /// <summary>Runs that may still do something: there is something to pause or cancel.</summary>
    public static int Active(SweepSummary sweep) => Count(sweep, RunState.Queued, RunState.Running);

    public static int Unfinished(SweepSummary sweep) => Count(sweep, RunState.Queued, RunState.Running, RunState.Paused);

    public static int Count(SweepSummary sweep, params RunState[] states) => states.Sum(state => sweep.States.GetValueOrDefault(state));

    /// <summary>The word of the file, not of the code.</summary>
    public static string WordOf(SolverKind solver) =>
        typeof(SolverKind).GetField(solver.ToString())?.GetCustomAttributes(typeof(JsonStringEnumMemberNameAttribute), false).OfType<JsonStringEnumMemberNameAttribute>().FirstOrDefault()?.Name ?? solver.ToString();
}
