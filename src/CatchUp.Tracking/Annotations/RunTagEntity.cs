namespace CatchUp.Tracking.Annotations;

/// <summary>A word that someone gave a run to find it by.</summary>
internal sealed class RunTagEntity
{
    public long RunId { get; set; }

    public required string Tag { get; set; }
}
