using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Sweeps;
using CatchUp.Contracts.Workers;

namespace CatchUp.Dashboard.Live;

/// <summary>A piece of news; exactly one member is set.</summary>
public readonly record struct Change(RunChanged? Run = null, SweepChanged? Sweep = null, WorkersChanged? Workers = null);
