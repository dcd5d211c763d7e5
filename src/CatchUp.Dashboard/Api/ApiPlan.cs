using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Dashboard.Api;

/// <summary>What a sweep file would do; nothing was stored.</summary>
internal sealed record ApiPlan(
    string Name, string Project, int Trials, int Replicates, int Runs, IReadOnlyList<string> SweptKeys, SweepObjective? Objective, IReadOnlyList<PlannedTrial> FirstTrials, ApiForecast? Forecast)
{
    public static ApiPlan From(SweepPlan plan, SweepForecast? forecast) => new(plan.Name, plan.Project, plan.Trials, plan.Replicates, plan.Runs, plan.SweptKeys, plan.Objective, plan.FirstTrials, ApiForecast.From(forecast));
}
