namespace CatchUp.Tracking.Alerts;

internal sealed class WebhookEntity
{
    public long Id { get; set; }

    public required string Name { get; set; }

    public required string Url { get; set; }

    /// <summary>Signs every message; null signs none. It is needed as it is, so it cannot be hashed; it never leaves the server.</summary>
    public string? Secret { get; set; }

    public bool OnFailure { get; set; }

    public bool OnSweepFinished { get; set; }

    /// <summary>"07:30" by the clocks of <see cref="DigestZone"/>; null: no digest.</summary>
    public string? DigestAt { get; set; }

    /// <summary>"Europe/Berlin".</summary>
    public string? DigestZone { get; set; }

    public bool Enabled { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }
}
