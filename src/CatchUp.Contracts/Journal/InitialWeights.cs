namespace CatchUp.Contracts.Journal;

/// <summary>The parent's averaged weights that a run starts from or learns from: a snapshot file on the trainer's machine.</summary>
/// <param name="Run">The parent run.</param>
/// <param name="Step">The snapshot's step.</param>
/// <param name="File">Path of the snapshot file.</param>
/// <param name="Sha256">The file's hash; a file that does not match is refused.</param>
/// <param name="Specification">What the parent computed: how to build its network.</param>
public sealed record InitialWeights(long Run, int Step, string File, string Sha256, Specifications.RunSpecification Specification);
