namespace CatchUp.Tracking.Retention;

/// <summary>A number that stays, but could not be measured again: the snapshot it is about goes.</summary>
public sealed record LostEvaluation(long RunId, string RunName, int Step, string Solver, int Nfe, int Head, string Metric, double? Value);
