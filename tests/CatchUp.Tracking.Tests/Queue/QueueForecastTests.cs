using System.Diagnostics;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Queue;

namespace CatchUp.Tracking.Tests.Queue;

public sealed class QueueForecastTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 20, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Runs_take_slots_in_turn_and_each_lasts_as_long_as_it_takes()
    {
        var result = Play([Sweep(1)], [Slot(), Slot()], [], [Run(1), Run(2), Run(3), Run(4)], TimeSpan.FromMinutes(30));

        Assert.Equal([1, 2, 3, 4], result.Order);
        Assert.Equal([0, 0, 30, 30], Minutes(result, run => run.Start));
        Assert.Equal([30, 30, 60, 60], Minutes(result, run => run.End));
    }

    [Fact]
    public void Running_runs_hold_their_slot_until_their_end_and_forever_when_that_is_unknown()
    {
        var known = Play([Sweep(1)], [Slot(9)], [(9, 1, Now.AddMinutes(10))], [Run(1)], TimeSpan.FromMinutes(5));
        Assert.Equal((10, 15), (Minutes(known, run => run.Start)[0], Minutes(known, run => run.End)[0]));

        var unknown = Play([Sweep(1)], [Slot(9)], [(9, 1, null)], [Run(1)], TimeSpan.FromMinutes(5));
        Assert.Equal((null, null), unknown.Times[1]);
        Assert.Equal([1], unknown.Order);
    }

    [Fact]
    public void Length_that_nobody_knows_leaves_its_start_known_and_all_behind_it_open()
    {
        var result = Play([Sweep(1)], [Slot()], [], [Run(1), Run(2)], null);

        Assert.Equal((Now, null), result.Times[1]);
        Assert.Equal((null, null), result.Times[2]);
        Assert.Equal([1, 2], result.Order);
    }

    [Fact]
    public void Sweep_keeps_to_its_limit()
    {
        var result = Play([Sweep(1) with { MaxParallel = 1 }], [Slot(), Slot(), Slot()], [], [Run(1), Run(2), Run(3)], TimeSpan.FromMinutes(10));

        Assert.Equal([0, 10, 20], Minutes(result, run => run.Start));
    }

    [Fact]
    public void Run_whose_window_closes_goes_on_at_the_next_opening_with_what_is_left()
    {
        // 20:00 UTC; the window is from 22:00 to 23:00; 90 minutes of work are 22:00 to 23:00 today and 22:00 to 22:30 tomorrow.
        var result = Play([Sweep(1) with { Window = ScheduleWindow.Parse("22:00-23:00 UTC") }], [Slot()], [], [Run(1)], TimeSpan.FromMinutes(90));

        Assert.Equal((Now.AddHours(2), Now.AddDays(1).AddHours(2.5)), result.Times[1]);
    }

    [Fact]
    public void Slot_that_a_closed_window_leaves_goes_to_another_sweep()
    {
        var result = Play(
            [Sweep(1) with { Window = ScheduleWindow.Parse("20:00-20:10 UTC") }, Sweep(2)], [Slot()], [], [Run(1), Run(2, sweep: 2)], TimeSpan.FromMinutes(20));

        Assert.Equal(Now.AddMinutes(10), result.Times[2].Start);
        Assert.Equal(Now.AddDays(1).AddMinutes(10), result.Times[1].End);
    }

    [Fact]
    public void Order_is_fair_between_owners_and_sweeps_as_the_claim_is()
    {
        var runs = Enumerable.Range(1, 6).Select(id => Run(id, sweep: 1)).Concat([Run(11, sweep: 2), Run(12, sweep: 2), Run(21, sweep: 3), Run(22, sweep: 3, priority: 1)]).ToList();

        var result = Play([Sweep(1), Sweep(2), Sweep(3, "bob")], [], [], runs, TimeSpan.FromMinutes(1));

        Assert.Equal([22, 1, 11, 21, 2, 12, 3, 4, 5, 6], result.Order);
    }

    [Fact]
    public void Child_waits_for_its_parents_end()
    {
        var result = Play([Sweep(1)], [Slot(), Slot()], [], [Run(1), Run(2) with { Parent = 1, ParentReady = false }], TimeSpan.FromMinutes(10));

        Assert.Equal([0, 10], Minutes(result, run => run.Start));
    }

    [Fact]
    public void Runs_that_no_slot_takes_and_paused_sweeps_come_last_without_times()
    {
        var result = Play([Sweep(1) with { Paused = true }, Sweep(2), Sweep(3)], [Slot()], [], [Run(1), Run(2, sweep: 2) with { Dataset = "cifar10" }, Run(3, sweep: 3)], TimeSpan.FromMinutes(10));

        Assert.Equal([3, 1, 2], result.Order);
        Assert.Equal((null, null), result.Times[1]);
        Assert.Equal((null, null), result.Times[2]);
    }

    [Fact]
    public void Ten_thousand_runs_of_a_hundred_sweeps_with_windows_are_played_to_the_last()
    {
        var window = ScheduleWindow.Parse("Mon-Fri 22:00-07:00; Sat,Sun 00:00-24:00 Europe/Berlin");
        var sweeps = Enumerable.Range(1, 100).Select(id => Sweep(id, $"owner-{id % 7}") with { MaxParallel = 5, Window = id % 2 == 0 ? window : null }).ToList();
        var runs = Enumerable.Range(0, 10_000).Select(id => Run(id + 1, sweep: (id % 100) + 1)).ToList();
        var watch = Stopwatch.StartNew();

        var result = Play(sweeps, [.. Enumerable.Range(0, 200).Select(_ => Slot())], [], runs, TimeSpan.FromMinutes(7));

        TestContext.Current.TestOutputHelper!.WriteLine($"{watch.ElapsedMilliseconds} ms");
        Assert.Equal(10_000, result.Order.Distinct().Count());
        Assert.All(result.Times.Values, times => Assert.True(times.Start < times.End));
    }

    private static QueueForecast.Result Play(IReadOnlyList<ForecastSweep> sweeps, IReadOnlyList<ForecastSlot> slots, IReadOnlyList<(long, long, DateTimeOffset?)> running, IReadOnlyList<ForecastRun> waiting, TimeSpan? length)
        => QueueForecast.Play(Now, sweeps, slots, running, waiting, (_, _) => length);

    private static ForecastSweep Sweep(long id, string owner = "ann") => new(id, owner, false, null, null, new SweepRequirements());

    private static ForecastSlot Slot(long? run = null) => new(new WorkerCapabilities { Datasets = ["synthetic"] }, run);

    private static ForecastRun Run(long id, long sweep = 1, int priority = 0) => new(id, sweep, priority, id, "synthetic", null, null, true, RunKind.Train, 1000, 0, "key", 0, "tests");

    private static List<double?> Minutes(QueueForecast.Result result, Func<(DateTimeOffset? Start, DateTimeOffset? End), DateTimeOffset?> which)
        => [.. result.Times.OrderBy(pair => pair.Key).Select(pair => which(pair.Value) is { } at ? (at - Now).TotalMinutes : (double?)null)];
}
