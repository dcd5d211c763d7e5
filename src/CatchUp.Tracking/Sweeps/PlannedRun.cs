using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Sweeps;

/// <summary>A run of a sweep as it will be queued.</summary>
public sealed record PlannedRun(int Trial, int Replicate, string Name, IReadOnlyDictionary<string, string> Parameters, RunSpecification Specification);
