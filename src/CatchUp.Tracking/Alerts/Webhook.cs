namespace CatchUp.Tracking.Alerts;

/// <summary>Where messages go, and which.</summary>
/// <param name="HasSecret">Messages are signed; the secret itself is shown to nobody.</param>
/// <param name="DigestAt">"07:30" by the clocks of <paramref name="DigestZone"/>; null: no digest.</param>
public sealed record Webhook(long Id, string Name, string Url, bool HasSecret, bool OnFailure, bool OnSweepFinished, string? DigestAt, string? DigestZone, bool Enabled, DateTimeOffset CreatedAt);
