using CatchUp.Contracts.Specifications;

namespace CatchUp.Contracts.Workers;

/// <summary>The snapshot of a parent run in the artifact store, and what that run computed.</summary>
public sealed record InitialReference(long Run, int Step, string Sha256, long Bytes, RunSpecification Specification);
