using CatchUp.Contracts.Specifications;
using CatchUp.Statistics.Importance;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Parameters;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Tests.Support;

namespace CatchUp.Tracking.Tests.Parameters;

public sealed class ParameterStoreTests
{
    private static RunTerm Term(string text) => RunFilter.ReadTerm(text).Term!;

    private static RunSpecification Of(CatchUpOrder order, int batch, int seed, string dataset = "synthetic") => new()
    {
        Seed = seed,
        Objective = new ObjectiveSpecification { Order = order },
        Training = new TrainingSpecification { Iterations = 1000, BatchSize = batch },
        Data = new DataSpecification { Dataset = dataset },
    };

    /// <summary>Two sweeps, of which the first has three runs: two measured, the second of them with fewer samples.</summary>
    private static async Task<(TestWorld World, IReadOnlyList<long> Runs)> WorldAsync(DatabaseKind kind)
    {
        var world = await TestWorld.CreateAsync(kind);
        var runs = new List<long>();
        runs.AddRange(await world.PlanAsync("orders", Of(CatchUpOrder.Rk12, 32, 0), Of(CatchUpOrder.Rk23, 32, 1), Of(CatchUpOrder.Rk23, 64, 2)));
        foreach (var (run, fid, samples) in new[] { (0, 30.0, 500), (1, 12.0, 100) })
        {
            var assigned = await world.ClaimAsync(world.Request(run));
            await new Journal(world, runs[run], assigned!.Attempt).Started().Points(1, ("loss", fid / 10)).Evaluation(5, fid + 5, samples: samples).Evaluation(9, fid, snapshot: 'b', samples: samples).ShipAsync();
        }

        await world.ExecuteAsync("UPDATE evaluations SET low = value - 1, high = value + 2");
        runs.AddRange(await world.PlanAsync("wide", Of(CatchUpOrder.Rk12, 128, 0)));
        return (world, runs);
    }

    [Theory, OnBothDatabases]
    public async Task Many_runs_are_read_with_what_they_differ_in_and_what_came_of_them(DatabaseKind kind)
    {
        var (world, runs) = await WorldAsync(kind);
        await using (world)
        {
            var table = await world.Get<ParameterStore>().ReadAsync(new RunQuery(), [Term("fid[euler, nfe=4]"), Term("metric[loss]"), Term("fid[nfe=4, best]")], TestWorld.Cancellation);

            Assert.Equal(4, table.Total);
            Assert.Equal(runs, table.Runs.Select(run => run.Id));
            Assert.Equal(["objective.order", "training.batchSize"], table.Keys.Select(key => key.Path).Order(StringComparer.Ordinal));
            Assert.Equal(["rk12", "rk23", "rk23", "rk12"], table.Keys.Single(key => key.Path == "objective.order").Values.Select(value => value.Text));
            Assert.Equal([32.0, 32, 64, 128], table.Keys.Single(key => key.Path == "training.batchSize").Values.Select(value => value.Number));
            Assert.Equal([30.0, 12, null, null], table.Runs.Select(run => run.Values[0]?.Value));
            Assert.Equal([3.0, 1.2, null, null], table.Runs.Select(run => run.Values[1]?.Value));
            Assert.Equal([30.0, 12, null, null], table.Runs.Select(run => run.Values[2]?.Value));
            Assert.Equal((29.0, 32.0), (table.Runs[0].Values[0]!.Value.Low, table.Runs[0].Values[0]!.Value.High));
            var (one, other) = (table.Runs[0].Values[0]!.Value.Fingerprint!, table.Runs[1].Values[0]!.Value.Fingerprint!);
            Assert.Equal(("fashion-mnist-cnn-2 · 500 samples · vs fashion-mnist train", "fashion-mnist-cnn-2 · 100 samples · vs fashion-mnist train"), (table.Protocols[one], table.Protocols[other]));
            Assert.Equal([0, 1, 2, 0], table.Runs.Select(run => run.Seed));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Only_keys_that_differ_among_the_runs_asked_for_are_told(DatabaseKind kind)
    {
        var (world, runs) = await WorldAsync(kind);
        await using (world)
        {
            var store = world.Get<ParameterStore>();

            // Both have an order that is not that of the sweep's first run, and so the same.
            var two = await store.ReadAsync(new RunQuery { Filter = RunFilter.Read("objective.order = rk23").Filter! }, [Term("loss")], TestWorld.Cancellation);
            Assert.Equal([runs[1], runs[2]], two.Runs.Select(run => run.Id));
            Assert.Equal("training.batchSize", Assert.Single(two.Keys).Path);

            var nothing = await store.ReadAsync(new RunQuery { Filter = RunFilter.Read("name = nothing").Filter! }, [Term("loss")], TestWorld.Cancellation);
            Assert.Equal((0, 0, 0), (nothing.Total, nothing.Runs.Count, nothing.Keys.Count));

            var chosen = await store.ReadAsync(new RunQuery { Ids = [runs[3], runs[0]] }, [Term("duration")], TestWorld.Cancellation);
            Assert.Equal([runs[0], runs[3]], chosen.Runs.Select(run => run.Id));
            await Assert.ThrowsAsync<ArgumentException>(() => store.ReadAsync(new RunQuery(), [Term("state")], TestWorld.Cancellation));
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_key_without_a_value_is_missing_and_one_drawn_by_decades_is_logarithmic(DatabaseKind kind)
    {
        var (world, _) = await WorldAsync(kind);
        await using (world)
        {
            var runs = await world.PlanAsync("drawn", Of(CatchUpOrder.Rk12, 32, 0), Of(CatchUpOrder.Rk12, 64, 0));
            await world.ExecuteAsync($"UPDATE sweeps SET document = 'name: drawn\nbase: {{ preset: fashion-tiny }}\nspace: {{ training.batchSize: {{ integer: [32, 64], log: true }}, optimizer.learningRate: {{ logUniform: [1e-4, 1e-3] }} }}\nsearch: {{ method: random, trials: 2 }}\n' WHERE name = 'drawn'");
            await world.ExecuteAsync($"UPDATE run_values SET number = NULL WHERE run_id = {runs[1]}");

            var table = await world.Get<ParameterStore>().ReadAsync(new RunQuery { Ids = runs }, [Term("loss")], TestWorld.Cancellation);

            var key = Assert.Single(table.Keys);
            Assert.Equal(("training.batchSize", true), (key.Path, key.IsLogarithmic));
            Assert.Equal([new FeatureValue(32.0), default], key.Values);
        }
    }
}
