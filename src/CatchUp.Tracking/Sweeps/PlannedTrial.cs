using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Sweeps;

/// <param name="Trial">From 0.</param>
/// <param name="Name">What its runs will be called.</param>
/// <param name="Parameters">Swept keys and values.</param>
/// <param name="Specification">The whole specification of the first replicate.</param>
public sealed record PlannedTrial(int Trial, string Name, IReadOnlyDictionary<string, string> Parameters, RunSpecification Specification);
