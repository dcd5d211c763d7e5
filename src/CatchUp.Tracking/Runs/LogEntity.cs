using CatchUp.Contracts.Journal;

namespace CatchUp.Tracking.Runs;

internal sealed class LogEntity
{
    public long Id { get; set; }

    public long RunId { get; set; }

    public int Attempt { get; set; }

    public long At { get; set; }

    public LogLevelName Level { get; set; }

    public required string Text { get; set; }

    /// <summary>Written after the first half of the log was full: goes when newer lines need the room.</summary>
    public bool Tail { get; set; }

    public int Bytes { get; set; }
}
