using CatchUp.Contracts.Sweeps;
using CatchUp.Tracking.Launching;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Dashboard.Api;

/// <summary>What a sweep file would do; nothing was stored.</summary>
/// <param name="DeviceHours">Time of devices in all, were every run to finish; null: no run like them was measured.</param>
/// <param name="LeastDeviceHours">When rungs stop as many trials as they can; null: nothing stops early.</param>
/// <param name="DiskBytes">Checkpoints that are kept.</param>
/// <param name="Warnings">What is probably not meant; none keeps the sweep from being launched.</param>
/// <param name="SameAs">Ids of stored sweeps that try the same configurations.</param>
internal sealed record ApiPlan(
    string Name, string Project, int Trials, int Replicates, int Runs, IReadOnlyList<string> SweptKeys, SweepObjective? Objective, IReadOnlyList<PlannedTrial> FirstTrials, ApiForecast? Forecast,
    double? DeviceHours, double? LeastDeviceHours, long? DiskBytes, IReadOnlyList<SweepProblem> Warnings, IReadOnlyList<long> SameAs)
{
    public static ApiPlan From(SweepPlan plan, SweepOutlook? outlook) => new(
        plan.Name, plan.Project, plan.Trials, plan.Replicates, plan.Runs, plan.SweptKeys, plan.Objective, plan.FirstTrials, ApiForecast.From(outlook?.Forecast),
        outlook?.DeviceTime?.TotalHours, outlook?.LeastDeviceTime?.TotalHours, outlook?.DiskBytes, outlook?.Warnings ?? [], [.. (outlook?.Twins ?? []).Select(twin => twin.Id)]);
}
