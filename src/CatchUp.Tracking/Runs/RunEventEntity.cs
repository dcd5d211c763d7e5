using CatchUp.Contracts.Runs;

namespace CatchUp.Tracking.Runs;

internal sealed class RunEventEntity
{
    public long Id { get; set; }

    public long RunId { get; set; }

    public long At { get; set; }

    public int Attempt { get; set; }

    /// <summary>Null when the state did not change: a rewind, an order.</summary>
    public RunState? FromState { get; set; }

    public RunState ToState { get; set; }

    public required string Cause { get; set; }
}
