namespace CatchUp.Tracking.Nights;

public sealed record NightRun(long Id, string Name);
