using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Sweeps;
using CatchUp.Contracts.Workers;

namespace CatchUp.Dashboard.Live;

/// <summary>A piece of news; exactly one member is set.</summary>
public readonly record struct Change(RunChanged? Run = null, SweepChanged? Sweep = null, WorkersChanged? Workers = null)
{
    /// <summary>The run whose evaluations may be others now: some were stored, or its state changed, with which it may have lost some.</summary>
    public long? EvaluationsOf => Run is { Evaluated: true } or { StateChanged: true } ? Run.RunId : null;
}
