namespace CatchUp.Tracking.Configurations;

/// <summary>The value of a key in a run, where it is another than in its sweep's first run. Both are null where the run has none.</summary>
internal sealed class RunValueEntity
{
    public long RunId { get; set; }

    public int KeyId { get; set; }

    public double? Number { get; set; }

    public string? Text { get; set; }
}
