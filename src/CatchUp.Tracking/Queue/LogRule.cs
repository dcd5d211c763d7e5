namespace CatchUp.Tracking.Queue;

/// <param name="Match">A regular expression, without look-around and back references: it takes linear time on whatever a log holds.</param>
public sealed record LogRule(string Match, LogAction Action);
