namespace CatchUp.Contracts.Journal;

public enum LogLevelName
{
    Information,
    Warning,
    Error,
}

public sealed record LogWritten : JournalEntry
{
    public LogLevelName Level { get; init; }

    public required string Text { get; init; }
}
