namespace CatchUp.Tracking.Accounts;

public sealed record ApiToken(long Id, string Account, string Name, DateTimeOffset CreatedAt);
