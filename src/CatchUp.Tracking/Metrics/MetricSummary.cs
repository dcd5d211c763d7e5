namespace CatchUp.Tracking.Metrics;

/// <summary>A metric of a run at a glance.</summary>
/// <param name="Name">As the trainer logged it.</param>
/// <param name="Axis">"step" for the run's own metrics, "seconds" since the run was created for <c>system/</c>.</param>
/// <param name="Count">Points stored.</param>
/// <param name="NotFinite">How many of them are NaN or infinite.</param>
public sealed record MetricSummary(string Name, string Axis, long Count, long NotFinite, double? Last, double? Minimum, double? Maximum);
