using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Queue;

/// <summary>What a forecast knows of a run that waits.</summary>
/// <param name="ParentReady">It has no parent, or the parent's weights are there.</param>
internal sealed record ForecastRun(
    long Id, long Sweep, int Priority, double Position, string Dataset, string? Extractor, long? Parent, bool ParentReady, RunKind Kind, int Steps, int Step, string? CostKey, double EvaluationWork, string Project)
{
    /// <summary>Workers that it is not given to, in order, one a line; empty: none.</summary>
    public string Excluded { get; init; } = "";
}
