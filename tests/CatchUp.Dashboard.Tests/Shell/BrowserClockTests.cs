using CatchUp.Dashboard.Shell;

namespace CatchUp.Dashboard.Tests.Shell;

public sealed class BrowserClockTests
{
    private static readonly DateTimeOffset Instant = new(2026, 7, 1, 20, 41, 7, TimeSpan.Zero);

    [Fact]
    public void Exact_time_names_its_zone()
    {
        using var clock = new BrowserClock(TimeProvider.System);

        clock.UseZone("Europe/Berlin");

        Assert.Equal("2026-07-01 22:41:07 (Europe/Berlin)", clock.Exact(Instant));
    }

    [Fact]
    public void Unknown_zone_leaves_universal_time()
    {
        using var clock = new BrowserClock(TimeProvider.System);

        clock.UseZone("Nowhere/Land");

        Assert.Equal("2026-07-01 20:41:07 (UTC)", clock.Exact(Instant));
    }
}
