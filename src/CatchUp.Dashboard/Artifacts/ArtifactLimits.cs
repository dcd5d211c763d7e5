namespace CatchUp.Dashboard.Artifacts;

/// <summary>How much workers may upload.</summary>
internal sealed class ArtifactLimits
{
    public const string Key = "CATCHUP_ARTIFACT_LIMIT_GIB";

    /// <summary>The largest file of weights. <see cref="Key"/> sets it in GiB.</summary>
    public long MaximumBytes { get; set; } = 4L << 30;

    /// <summary>The largest sample grid; it alone may use the disk's reserve.</summary>
    public long MaximumSampleBytes { get; set; } = 16 << 20;

    /// <summary>Unfinished uploads of one token.</summary>
    public int MaximumUnfinished { get; set; } = 32;

    /// <summary>How long an unfinished upload is kept after its last byte.</summary>
    public TimeSpan KeepUnfinished { get; set; } = TimeSpan.FromDays(1);

    /// <summary>What all unfinished uploads of one token may take.</summary>
    public long MaximumUnfinishedBytes => 4 * MaximumBytes;
}
