namespace CatchUp.Tracking.Workers;

internal sealed class SlotEntity
{
    public Guid Incarnation { get; set; }

    public int Slot { get; set; }

    /// <summary><see cref="Contracts.Workers.WorkerCapabilities"/> as JSON.</summary>
    public required string Capabilities { get; set; }

    public long? RunId { get; set; }

    public int? Attempt { get; set; }

    public string? Phase { get; set; }
}
