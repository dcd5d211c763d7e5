namespace CatchUp.Tracking.Workers;

/// <summary>What lets a worker at artifacts. The token itself is nowhere; times are UTC ticks.</summary>
internal sealed class WorkerTokenEntity
{
    public long Id { get; set; }

    /// <summary>What it is for, for people.</summary>
    public required string Name { get; set; }

    /// <summary><see cref="Contracts.Workers.WorkerTokenHash.Of"/> of the token.</summary>
    public required string Hash { get; set; }

    public long CreatedAt { get; set; }

    /// <summary>To the minute.</summary>
    public long? LastUsedAt { get; set; }

    public long? RevokedAt { get; set; }
}
