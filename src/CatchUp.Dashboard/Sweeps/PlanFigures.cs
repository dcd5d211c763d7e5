using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Dashboard.Sweeps;

/// <summary>Sums over a plan that a reader wants before launching.</summary>
internal static class PlanFigures
{
    /// <summary>Optimizer updates of all runs. Only the first configurations are written out in a plan: if the number of updates is swept beyond them, the sum is an estimate.</summary>
    public static (long Steps, bool Exact) TotalSteps(SweepPlan plan)
    {
        if (plan.FirstTrials.Count == 0)
        {
            return (0, true);
        }

        var iterations = plan.FirstTrials.Select(trial => trial.Specification.Kind == RunKind.Evaluate ? 0L : trial.Specification.Training.Iterations).ToList();
        var swept = plan.SweptKeys.Any(key => key is "training.iterations" or "training");
        return !swept || plan.Trials <= iterations.Count
            ? (swept ? iterations.Sum() * plan.Replicates : iterations[0] * plan.Runs, true)
            : ((long)(iterations.Average() * plan.Runs), false);
    }
}
