using CatchUp.Contracts.Journal;
using CatchUp.Tracking.Nights;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Dashboard.Api;

/// <summary>What happened between two instants. Costs are in seconds of occupied slots.</summary>
internal sealed record ApiDigest(
    DateTimeOffset From, DateTimeOffset To, IReadOnlyList<ApiDigestSweep> Sweeps, IReadOnlyList<ApiDigestFailure> Failures, SlotTime GpuSeconds, SlotTime CpuSeconds, IReadOnlyList<NightWaiting> Waiting)
{
    public static ApiDigest Of(Night night) => new(
        night.From, night.To, [.. night.Sweeps.Select(ApiDigestSweep.From)], [.. night.Failures.Select(ApiDigestFailure.From)], night.Gpu, night.Cpu, night.Waiting);
}

/// <summary>What happened to one sweep; counts are of runs, by what last happened to each.</summary>
internal sealed record ApiDigestSweep(
    long Id, string Name, string Project, string? Owner, int Completed, int Failed, int Paused, int Stopped, int Running, int Lost, int Resumed, SweepObjective? Objective, bool Improved,
    ApiEvaluation? Before, ApiEvaluation? After, string? BestRun, string? SamplesUrl, SlotTime GpuSeconds, SlotTime CpuSeconds)
{
    public static ApiDigestSweep From(NightSweep sweep) => new(
        sweep.Id, sweep.Name, sweep.Project, sweep.Owner, sweep.Completed, sweep.Failed, sweep.Paused, sweep.Stopped, sweep.Running, sweep.Lost, sweep.Resumed, sweep.Objective, sweep.Improved,
        sweep.Before is { } before ? ApiEvaluation.From(before) : null, sweep.After is { } after ? ApiEvaluation.From(after) : null, sweep.BestRun,
        sweep.Samples is { } samples ? $"/api/v1/runs/{samples.RunId}/samples/{samples.Id}.png" : null, sweep.Gpu, sweep.Cpu);
}

/// <summary>Runs of a sweep that failed for one kind of reason.</summary>
internal sealed record ApiDigestFailure(FailureKind Failure, long SweepId, string Sweep, int Count, string Cause, string? Advice, IReadOnlyList<NightRun> Runs)
{
    public static ApiDigestFailure From(NightFailure failure) => new(failure.Kind, failure.SweepId, failure.SweepName, failure.Count, failure.Cause, failure.Advice, failure.Runs);
}
