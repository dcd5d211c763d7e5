using CatchUp.Contracts.Runs;

namespace CatchUp.Tracking.Alerts;

/// <summary>Something that may be worth a message, written in the transaction in which it happened. The row goes when the messages are written.</summary>
internal sealed class AlertEventEntity
{
    public long Id { get; set; }

    public long RunId { get; set; }

    public long SweepId { get; set; }

    public int Attempt { get; set; }

    /// <summary>The state the run came to.</summary>
    public RunState State { get; set; }

    public long At { get; set; }
}
