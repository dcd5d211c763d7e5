namespace CatchUp.Contracts.Artifacts;

/// <summary>How far an upload has come.</summary>
/// <param name="Sha256">Name of the artifact.</param>
/// <param name="Stored">The artifact is there, whole and verified.</param>
/// <param name="Offset">Where the next bytes belong; 0 when nothing is there, or all is.</param>
public sealed record ArtifactUpload(string Sha256, bool Stored, long Offset);
