namespace CatchUp.Tracking.Configurations;

/// <summary>The value of a key in a sweep's first run.</summary>
internal sealed class SweepValueEntity
{
    public long SweepId { get; set; }

    public int KeyId { get; set; }

    /// <summary>Of keys that are numbers.</summary>
    public double? Number { get; set; }

    /// <summary>Of all other keys.</summary>
    public string? Text { get; set; }
}
