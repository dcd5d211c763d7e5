namespace CatchUp.Tracking.Searches;

/// <summary>A line of a sweep's ledger. Written once, in the transaction of what it causes, and never changed.</summary>
internal sealed class SearchEntryEntity
{
    public long SweepId { get; set; }

    /// <summary>From 1, without gaps.</summary>
    public long Number { get; set; }

    /// <summary>The trial it is about; null for what concerns the whole sweep.</summary>
    public int? Trial { get; set; }

    /// <summary>The entry as JSON.</summary>
    public required string Line { get; set; }

    public long At { get; set; }
}
