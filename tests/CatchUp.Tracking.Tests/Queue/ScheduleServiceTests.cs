using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace CatchUp.Tracking.Tests.Queue;

public sealed class ScheduleServiceTests
{
    [Theory, OnBothDatabases]
    public async Task Service_that_begins_in_the_middle_of_a_window_closes_it_in_time(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync(1, change: sweep => sweep.Window = "20:00-21:00 UTC");
        await world.Get<ScheduleKeeper>().LookAsync(TestWorld.Cancellation);
        Assert.NotNull(await world.ClaimAsync());

        // As after a restart of the server: nothing is known but the database.
        world.Options.ScheduleEvery = TimeSpan.FromSeconds(5);
        using var service = new ScheduleService(
            new ScheduleKeeper(world.Get<TrackingDatabase>(), world.Get<TrackingNews>(), world.Time), world.Get<QueueForecasts>(), world.Options, world.Time, NullLogger<ScheduleService>.Instance);
        await service.StartAsync(TestWorld.Cancellation);
        Assert.Equal(OrderKind.Continue, await OrderAsync(world));

        world.Time.Advance(TimeSpan.FromHours(1));
        while (await OrderAsync(world) != OrderKind.Pause)
        {
            world.Time.Advance(world.Options.ScheduleEvery);
            await Task.Delay(20, TestWorld.Cancellation);
        }

        await service.StopAsync(TestWorld.Cancellation);
    }

    private static Task<OrderKind> OrderAsync(TestWorld world) => world.ReadAsync(context => context.Runs.Select(run => run.PendingOrder).SingleAsync(TestWorld.Cancellation));
}
