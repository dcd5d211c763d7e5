namespace CatchUp.Tracking.Workers;

/// <summary>A worker's token without its secret.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Fingerprint">The first digits of its hash, by which a worker says which one it has.</param>
/// <param name="LastUsedAt">To the minute; null: never.</param>
/// <param name="RevokedAt">Null: it is good.</param>
public sealed record WorkerToken(long Id, string Name, string Fingerprint, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);
