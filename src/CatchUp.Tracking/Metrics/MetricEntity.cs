namespace CatchUp.Tracking.Metrics;

internal sealed class MetricEntity
{
    public int Id { get; set; }

    public required string Name { get; set; }
}
