namespace CatchUp.Tracking.Alerts;

/// <summary>A message and what became of it.</summary>
/// <param name="NextTry">When it is sent again; null when it is not.</param>
/// <param name="Status">Of the last answer; null when there was none.</param>
public sealed record AlertDelivery(long Id, Guid MessageId, long WebhookId, AlertKind Kind, DeliveryState State, int Tries, DateTimeOffset CreatedAt, DateTimeOffset? NextTry, DateTimeOffset? EndedAt, int? Status, string? Problem, string Body);
