namespace CatchUp.Tracking.Alerts;

/// <summary>A message to one webhook: the outbox.</summary>
internal sealed class AlertDeliveryEntity
{
    public long Id { get; set; }

    /// <summary>The same however often it is sent.</summary>
    public Guid MessageId { get; set; }

    public long WebhookId { get; set; }

    public AlertKind Kind { get; set; }

    /// <summary>What it is about; once a webhook.</summary>
    public required string Key { get; set; }

    /// <summary>The JSON that is sent.</summary>
    public required string Body { get; set; }

    public DeliveryState State { get; set; }

    public int Tries { get; set; }

    public long CreatedAt { get; set; }

    /// <summary>Not to be sent before.</summary>
    public long DueAt { get; set; }

    /// <summary>A server is sending it until then at the latest.</summary>
    public long? ClaimedUntil { get; set; }

    public long? EndedAt { get; set; }

    /// <summary>Of the last answer.</summary>
    public int? Status { get; set; }

    /// <summary>Why the last try did not succeed.</summary>
    public string? Problem { get; set; }
}
