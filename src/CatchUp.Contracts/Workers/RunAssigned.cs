using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Contracts.Workers;

/// <summary>The slot owns this attempt until its lease runs out.</summary>
public sealed record RunAssigned
{
    public long RunId { get; init; }

    public int Attempt { get; init; }

    public required string Name { get; init; }

    public required RunSpecification Specification { get; init; }

    /// <summary>Where to go on from; null starts at step 0.</summary>
    public CheckpointReference? Checkpoint { get; init; }

    /// <summary>The parent's weights, for a run with an initial run.</summary>
    public InitialReference? Initial { get; init; }

    public IReadOnlyList<StoredResult> Evaluations { get; init; } = [];

    public IReadOnlyList<StoredResult> Samples { get; init; } = [];

    public double LeaseSeconds { get; init; }
}
