namespace CatchUp.Contracts.Workers;

/// <summary>A checkpoint in the artifact store.</summary>
public sealed record CheckpointReference(int Step, string Sha256, long Bytes);
