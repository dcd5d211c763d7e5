using CatchUp.Tracking.Workers;

namespace CatchUp.Dashboard.Api;

/// <summary>A worker's token.</summary>
/// <param name="Token">The token itself, in the answer to its making and never again.</param>
internal sealed record ApiWorkerToken(long Id, string Name, string Fingerprint, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt, string? Token)
{
    public static ApiWorkerToken From(WorkerToken token) => From(token, null);

    public static ApiWorkerToken From(WorkerToken token, string? secret) => new(token.Id, token.Name, token.Fingerprint, token.CreatedAt, token.LastUsedAt, token.RevokedAt, secret);
}
