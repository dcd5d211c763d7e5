namespace CatchUp.Flow.Downloads;

public sealed record DownloadOptions
{
    /// <summary>How often a connection that breaks is made anew without getting any further.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>Between two tries; doubled each time.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A server that sends nothing for this long is given up.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
