using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Sweeps;

/// <summary>Which number a sweep is about, and whether its runs measure it.</summary>
internal static class SweepObjectives
{
    /// <summary>What the file says, completed from what is measured: the first metric (FID if it is among them), the first solver, NFE 4 or else the largest that it takes, the first head, the metric's own better way. Null when nothing is measured and the file names no objective.</summary>
    public static SweepObjective? Complete(JsonObject? file, EvaluationSpecification measured)
    {
        if (file is null && (measured.Samples == 0 || measured.Metrics.Count == 0))
        {
            return null;
        }

        var metrics = measured.Metrics.Select(Word).ToList();
        var metric = file?["metric"]?.GetValue<string>() ?? (metrics.Count == 0 || metrics.Contains("fid") ? "fid" : metrics[0]);
        var solver = file?["solver"] is { } named ? named.Deserialize<SolverKind>(ContractJson.Options) : measured.Solvers[0];
        var possible = SolverNfe.Of(solver, measured.Nfe) is { Count: > 0 } some ? some : measured.Nfe;
        return new SweepObjective(
            metric,
            solver,
            file?["nfe"]?.GetValue<int>() ?? (possible.Contains(4) ? 4 : possible.Max()),
            file?["head"]?.GetValue<int>() ?? measured.Heads.Min(),
            (file?["goal"]?.GetValue<string>() ?? (MetricLabel.LargerIsBetter(metric) ? "maximize" : "minimize")) == "maximize" ? SweepGoal.Maximize : SweepGoal.Minimize);
    }

    /// <summary>Why runs of this specification have no value of the objective; one entry for each key of it that is not measured.</summary>
    public static IEnumerable<SpecificationProblem> Unmeasured(SweepObjective objective, RunSpecification run)
    {
        var measured = run.Evaluation;
        var metrics = measured.Metrics.Select(Word).ToList();
        if (measured.Samples == 0)
        {
            yield return new("objective", "The objective is never measured: evaluation.samples is 0. Give it images, or remove objective.");
            yield break;
        }

        if (!metrics.Contains(objective.Metric))
        {
            yield return new("objective.metric", $"The evaluation does not compute {objective.Metric}. Add it to evaluation.metrics, or choose {Either(metrics, "none")}.");
        }

        if (!measured.Solvers.Contains(objective.Solver))
        {
            yield return new("objective.solver", $"The evaluation does not sample with {Word(objective.Solver)}. Add it to evaluation.solvers, or choose {Either(measured.Solvers.Select(Word), "none")}.");
        }

        var possible = SolverNfe.Of(objective.Solver, measured.Nfe);
        if (!possible.Contains(objective.Nfe))
        {
            yield return new("objective.nfe", $"The evaluation does not measure at NFE {objective.Nfe} with {Word(objective.Solver)}. Add it to evaluation.nfe, or choose {Either(possible.Select(nfe => $"{nfe}"), "another solver")}.");
        }

        var heads = SpecificationRules.HeadsOf(run.Objective);
        if (!measured.Heads.Contains(objective.Head))
        {
            yield return new("objective.head", $"The evaluation does not use head {objective.Head}. Add it to evaluation.heads, or choose {Either(measured.Heads.Select(head => $"{head}"), "none")}.");
        }
        else if (objective.Head > heads)
        {
            yield return new("objective.head", $"A network with {heads} output head{(heads == 1 ? "" : "s")} has no head {objective.Head}. Choose head 1, which every run has.");
        }
    }

    public static string Word<T>(T choice) where T : struct, Enum => JsonSerializer.SerializeToNode(choice, ContractJson.Options)!.GetValue<string>();

    private static string Either(IEnumerable<string> words, string nothing) => string.Join(" or ", words) is { Length: > 0 } text ? text : nothing;
}
