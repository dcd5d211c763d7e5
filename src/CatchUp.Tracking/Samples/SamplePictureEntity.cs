namespace CatchUp.Tracking.Samples;

/// <summary>A picture beside a sample grid, which goes with it.</summary>
internal sealed class SamplePictureEntity
{
    public long SampleId { get; set; }

    public SamplePictureKind Kind { get; set; }

    public required string Sha256 { get; set; }

    public long Bytes { get; set; }

    /// <summary>What is known of its cells, as JSON; its shape depends on the kind.</summary>
    public required string Details { get; set; }
}
