using CatchUp.Contracts.Journal;

namespace CatchUp.Tracking.Runs;

public sealed record LogLine(long Id, int Attempt, DateTimeOffset At, LogLevelName Level, string Text);
