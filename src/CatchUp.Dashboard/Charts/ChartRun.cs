namespace CatchUp.Dashboard.Charts;

/// <summary>A run as charts name it.</summary>
public sealed record ChartRun(long Id, string Label);
