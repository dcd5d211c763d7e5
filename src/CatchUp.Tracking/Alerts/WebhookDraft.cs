namespace CatchUp.Tracking.Alerts;

/// <summary>What a webhook is to be.</summary>
public sealed record WebhookDraft
{
    public string Name { get; init; } = "";

    public string Url { get; init; } = "";

    /// <summary>Null keeps the one there is; an empty one removes it.</summary>
    public string? Secret { get; init; }

    public bool OnFailure { get; init; }

    public bool OnSweepFinished { get; init; }

    public string? DigestAt { get; init; }

    public string? DigestZone { get; init; }

    public bool Enabled { get; init; } = true;
}
