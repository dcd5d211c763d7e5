namespace CatchUp.Tracking.Searches;

/// <summary>What happened at a rung so far.</summary>
/// <param name="Level">Its steps, or the images of its gate.</param>
/// <param name="Arrived">Trials that came to it.</param>
/// <param name="WentOn">Of them, those that went on.</param>
/// <param name="Pruned">Those that were stopped.</param>
/// <param name="Waiting">Those that wait.</param>
/// <param name="Spared">Of those that went on, those that only did to show what stopping costs.</param>
/// <param name="Best">Best value there; null without one.</param>
/// <param name="Threshold">The last decision's threshold; null when too few values were known.</param>
public sealed record SearchRung(long Level, int Arrived, int WentOn, int Pruned, int Waiting, int Spared, double? Best, double? Threshold);
