namespace CatchUp.Tracking.Queue;

/// <summary>One night of a window: open from <paramref name="Opens"/> until just before <paramref name="Closes"/>, both in UTC.</summary>
/// <param name="Zone">Of the part of the window that opens.</param>
internal sealed record WindowOpening(DateTimeOffset Opens, DateTimeOffset Closes, TimeZoneInfo Zone)
{
    public bool Contains(DateTimeOffset at) => Opens <= at && at < Closes;
}
