using CatchUp.Contracts.Runs;

namespace CatchUp.Tracking.Reports;

/// <summary>A run as a block names it.</summary>
public sealed record ReportRun(long Id, string Name, string? Sweep, RunState State);
