using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Tests.Support;

namespace CatchUp.Tracking.Tests.Runs;

public sealed class RunGroupsTests
{
    private static RunTerm Term(string text) => RunFilter.ReadTerm(text).Term!;

    /// <summary>Three replicates of RK12, measured 10, 12 and 14, and two of RK23, of which one measured 5.</summary>
    private static async Task<(TestWorld World, IReadOnlyList<long> Runs)> WorldAsync(DatabaseKind kind)
    {
        var world = await TestWorld.CreateAsync(kind);
        RunSpecification Of(CatchUpOrder order, int seed) => new()
        {
            Seed = seed, Objective = new ObjectiveSpecification { Order = order }, Training = new TrainingSpecification { Iterations = 1000 }, Data = new DataSpecification { Dataset = "synthetic" },
        };
        var runs = await world.PlanAsync("orders", Of(CatchUpOrder.Rk12, 0), Of(CatchUpOrder.Rk12, 1), Of(CatchUpOrder.Rk12, 2), Of(CatchUpOrder.Rk23, 0), Of(CatchUpOrder.Rk23, 1));
        foreach (var (run, fid) in new[] { 10.0, 12, 14, 5 }.Index())
        {
            var assigned = await world.ClaimAsync(world.Request(run));
            await new Journal(world, runs[run], assigned!.Attempt).Started().Points(1, ("loss", fid / 10)).Evaluation(1, fid).ShipAsync();
        }

        return (world, runs);
    }

    [Theory, OnBothDatabases]
    public async Task Replicates_are_a_group_with_the_mean_over_all_of_them(DatabaseKind kind)
    {
        var (world, runs) = await WorldAsync(kind);
        await using (world)
        {
            var page = await world.Runs.GroupsAsync(
                new RunQuery { Groups = [Term("configuration")], Columns = [Term("fid[nfe=4]"), Term("objective.order"), Term("seed"), Term("metric[loss]")], Sort = Term("fid[nfe=4]"), Descending = false }, TestWorld.Cancellation);

            Assert.Equal(2, page.Total);
            Assert.Equal([2, 3], page.Items.Select(group => group.Runs));
            Assert.Equal([runs[3], runs[0]], page.Items.Select(group => group.First.Id));
            var (one, three) = (page.Items[0], page.Items[1]);
            var fid = three.ValueOf(Term("fid[nfe=4]"));

            // t(0.975, 2) = 4.30265, s = 2: 12 ± 4.30265 · 2 / √3.
            Assert.Equal((3, 12.0, 2.0), (fid.Summary!.Count, fid.Summary.Mean, fid.Summary.StandardDeviation));
            Assert.Equal(12 - (4.302652729911275 * 2 / Math.Sqrt(3)), fid.Summary.Interval!.Value.Low, 1e-9);
            Assert.Equal(12 + (4.302652729911275 * 2 / Math.Sqrt(3)), fid.Summary.Interval!.Value.High, 1e-9);
            Assert.Equal("fashion-mnist-cnn-2 · 500 samples · vs fashion-mnist train", fid.Protocol);
            Assert.Equal((1, 5.0, null), (one.ValueOf(Term("fid[nfe=4]")).Summary!.Count, one.ValueOf(Term("fid[nfe=4]")).Summary!.Mean, one.ValueOf(Term("fid[nfe=4]")).Summary!.Interval));
            Assert.Equal("rk12", three.ValueOf(Term("objective.order")).Common.Value);
            Assert.Equal(3, three.ValueOf(Term("seed")).Distinct);
            Assert.Equal(1.2, three.ValueOf(Term("metric[loss]")).Summary!.Mean!.Value, 1e-12);
            Assert.Equal((1, 1), (one.States[RunState.Running], one.States[RunState.Queued]));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Each_of_many_groups_has_its_own_runs_and_those_without_a_value_are_one(DatabaseKind kind)
    {
        var (world, _) = await WorldAsync(kind);
        await using (world)
        {
            var runs = await world.PlanAsync("seeds", [.. Enumerable.Range(0, 240).Select(seed => new RunSpecification { Seed = 1000 + (seed / 2), Training = new TrainingSpecification { Iterations = 1000 }, Data = new DataSpecification { Dataset = "synthetic" } })]);

            var seeds = await world.Runs.GroupsAsync(new RunQuery { Filter = RunFilter.Read("seed >= 1000").Filter!, Groups = [Term("seed"), Term("fid[nfe=4]")], Sort = Term("seed"), Descending = false, Limit = 500 }, TestWorld.Cancellation);
            Assert.Equal(120, seeds.Total);
            Assert.Equal(Enumerable.Range(0, 120).Select(seed => (1000.0 + seed, 2, runs[2 * seed])), seeds.Items.Select(group => ((double)group.Key[0].Value!, group.Runs, group.First.Id)));
            Assert.All(seeds.Items, group => Assert.Null(group.Key[1].Value));

            var measured = await world.Runs.GroupsAsync(new RunQuery { Groups = [Term("fid[nfe=4]")], Sort = Term("fid[nfe=4]"), Descending = false, Limit = 500 }, TestWorld.Cancellation);
            Assert.Equal([(5.0, 1), (10.0, 1), (12.0, 1), (14.0, 1), ((double?)null, 241)], measured.Items.Select(group => ((double?)group.Key[0].Value, group.Runs)));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Runs_are_grouped_by_any_terms_filtered_and_paged(DatabaseKind kind)
    {
        var (world, _) = await WorldAsync(kind);
        await using (world)
        {
            async Task<Page<RunGroup>> GroupsAsync(string filter, int offset, params string[] by) => await world.Runs.GroupsAsync(
                new RunQuery { Filter = RunFilter.Read(filter).Filter!, Groups = [.. by.Select(Term)], Sort = Term("id"), Descending = false, Offset = offset, Limit = 2 }, TestWorld.Cancellation);

            var orders = await GroupsAsync("", 0, "objective.order");
            Assert.Equal([("rk12", 3), ("rk23", 2)], orders.Items.Select(group => ((string)group.Key[0].Value!, group.Runs)));
            var pairs = await GroupsAsync("seed < 2", 2, "objective.order", "seed");
            Assert.Equal((4, 2), (pairs.Total, pairs.Items.Count));
            var behind = await GroupsAsync("seed < 2", 6, "objective.order", "seed");
            Assert.Equal((4, 0), (behind.Total, behind.Items.Count));
            Assert.Equal(0, (await GroupsAsync("seed = 99", 0, "seed")).Total);
            Assert.Equal([("rk23", 0.0), ("rk23", 1.0)], pairs.Items.Select(group => ((string)group.Key[0].Value!, (double)group.Key[1].Value!)));
            var measured = await GroupsAsync("", 0, "fid[nfe=4]");
            Assert.Equal((5, 10.0), (measured.Total, measured.Items[0].Key[0].Value));
            Assert.Equal([("running", 4), ("queued", 1)], (await GroupsAsync("", 0, "state")).Items.Select(group => ((string)group.Key[0].Value!, group.Runs)));
            await Assert.ThrowsAsync<ArgumentException>(() => GroupsAsync("", 0, "tag"));
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_number_measured_otherwise_is_no_part_of_the_mean(DatabaseKind kind)
    {
        var (world, runs) = await WorldAsync(kind);
        await using (world)
        {
            await new Journal(world, runs[1], 1).Started().Points(1, ("loss", 1)).Evaluation(1, 12).Evaluation(2, 1, samples: 50, snapshot: 'b').ShipAsync();

            var group = (await world.Runs.GroupsAsync(new RunQuery { Groups = [Term("objective.order")], Columns = [Term("fid[nfe=4]")], Sort = Term("id"), Descending = false }, TestWorld.Cancellation)).Items[0];

            var fid = group.ValueOf(Term("fid[nfe=4]"));
            Assert.Equal((2, 12.0, 1), (fid.Summary!.Count, fid.Summary.Mean, fid.Unlike));
        }
    }
}
