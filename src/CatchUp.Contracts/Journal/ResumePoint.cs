namespace CatchUp.Contracts.Journal;

/// <param name="Step">The checkpoint's step.</param>
/// <param name="File">Path of the checkpoint file on the trainer's machine.</param>
/// <param name="Sha256">The file's hash; a file that does not match is refused.</param>
public sealed record ResumePoint(int Step, string File, string Sha256);
