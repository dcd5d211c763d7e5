namespace CatchUp.Tracking;

public sealed class TrackingOptions
{
    /// <summary>How long an attempt is its worker's after a heartbeat.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How often expired leases are looked for.</summary>
    public TimeSpan ReapEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often windows and deadlines are looked after.</summary>
    public TimeSpan ScheduleEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often is looked for what searching sweeps have to do that nobody told of.</summary>
    public TimeSpan SearchEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a prediction is made for runs that have none yet.</summary>
    public TimeSpan PredictEvery { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How many started attempts of a run may be lost in a row, without a new checkpoint in between, before it fails.</summary>
    public int MaximumLostAttempts { get; set; } = 5;

    /// <summary>What is kept of one attempt's log; the middle of a longer one is dropped.</summary>
    public long MaximumLogBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>Values stored in one transaction. The rest of a larger batch is left for the next.</summary>
    public int MaximumBatchValues { get; set; } = 20_000;

    /// <summary>What is kept of the weights of runs whose sweep's file says nothing of it; null keeps everything.</summary>
    public Retention.RetentionPolicy? Retention { get; set; }

    /// <summary>How often is looked for checkpoints that may go.</summary>
    public TimeSpan RetainEvery { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often is looked for runs that have ended and are to be compared with those that they repeat.</summary>
    public TimeSpan CertifyEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long news may take to reach the bus; pages look again by themselves when it does not.</summary>
    public TimeSpan NewsTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often messages to webhooks are looked for.</summary>
    public TimeSpan AlertEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Where webhooks may lead beside public addresses: hosts, addresses and networks, separated by commas.</summary>
    public string? WebhookAllow { get; set; }

    /// <summary>Where people find the pages, for links in messages; null: messages have none.</summary>
    public Uri? PublicUrl { get; set; }
}
