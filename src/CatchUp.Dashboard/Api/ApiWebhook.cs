using CatchUp.Tracking.Alerts;

namespace CatchUp.Dashboard.Api;

/// <summary>A webhook. Its secret is never told.</summary>
/// <param name="Events">run-failed and sweep-finished, as far as it gets them; the digest is told by <paramref name="DigestAt"/>.</param>
internal sealed record ApiWebhook(long Id, string Name, string Url, IReadOnlyList<AlertKind> Events, string? DigestAt, string? DigestZone, bool HasSecret, bool Enabled, DateTimeOffset CreatedAt)
{
    public static ApiWebhook From(Webhook webhook) => new(
        webhook.Id, webhook.Name, webhook.Url,
        [.. new[] { (AlertKind.RunFailed, webhook.OnFailure), (AlertKind.SweepFinished, webhook.OnSweepFinished), (AlertKind.Digest, webhook.DigestAt is not null) }.Where(pair => pair.Item2).Select(pair => pair.Item1)],
        webhook.DigestAt, webhook.DigestZone, webhook.HasSecret, webhook.Enabled, webhook.CreatedAt);
}

/// <summary>What a webhook is to be; what is left out of a change is taken as it stands here.</summary>
internal sealed record ApiWebhookInput
{
    public string? Name { get; init; }

    public string? Url { get; init; }

    public IReadOnlyList<AlertKind> Events { get; init; } = [];

    public string? DigestAt { get; init; }

    public string? DigestZone { get; init; }

    /// <summary>Null keeps the one there is; an empty one removes it.</summary>
    public string? Secret { get; init; }

    public bool Enabled { get; init; } = true;

    public WebhookDraft ToDraft() => new()
    {
        Name = Name ?? "",
        Url = Url ?? "",
        OnFailure = Events.Contains(AlertKind.RunFailed),
        OnSweepFinished = Events.Contains(AlertKind.SweepFinished),
        DigestAt = DigestAt,
        DigestZone = DigestZone,
        Secret = Secret,
        Enabled = Enabled,
    };
}

/// <summary>A message to a webhook and what became of it.</summary>
internal sealed record ApiDelivery(long Id, Guid MessageId, AlertKind Event, DeliveryState State, int Tries, DateTimeOffset CreatedAt, DateTimeOffset? NextTry, DateTimeOffset? EndedAt, int? Status, string? Problem)
{
    public static ApiDelivery From(AlertDelivery delivery) => new(
        delivery.Id, delivery.MessageId, delivery.Kind, delivery.State, delivery.Tries, delivery.CreatedAt, delivery.NextTry, delivery.EndedAt, delivery.Status, delivery.Problem);
}
