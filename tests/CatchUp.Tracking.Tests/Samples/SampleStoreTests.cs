using CatchUp.Contracts.Journal;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Retention;
using CatchUp.Tracking.Samples;
using CatchUp.Tracking.Sweeps;
using CatchUp.Tracking.Tests.Support;

namespace CatchUp.Tracking.Tests.Samples;

public sealed class SampleStoreTests
{
    [Theory, OnBothDatabases]
    public async Task Pictures_beside_a_grid_are_stored_and_read_with_it(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        var (near, way) = (await world.StoreArtifactAsync([1, 2, 3]), await world.StoreArtifactAsync([4, 5, 6, 7]));
        await journal.Add(Grid(5, 'a', Neighbours(near), Trajectory(way))).Add(Grid(10, 'b')).ShipAsync();

        var store = world.Get<SampleStore>();
        var grids = await store.ListAsync(run, TestWorld.Cancellation);
        var details = await store.FindAsync(run, grids[0].Id, TestWorld.Cancellation);

        Assert.Equal([(5, true, true), (10, false, false)], grids.Select(grid => (grid.Step, grid.HasNeighbours, grid.HasTrajectory)));
        Assert.Equal(("cnn", "shapes", 320, 1.5), (details!.Neighbours!.Extractor, details.Neighbours.Dataset, details.Neighbours.Images, details.Neighbours.Typical));
        Assert.Equal([3, 1, 4], details.Neighbours.Indices);
        Assert.Equal([0.5, null, 2.25], details.Neighbours.Distances); // what is no number is none
        Assert.Equal((2, 3), (details.Trajectories!.Cells, details.Trajectories.Times.Count));
        Assert.Equal(details.Grid, grids[0]);
        await using var nearPng = (await store.OpenAsync(run, grids[0].Id, SamplePictureKind.Neighbours, TestWorld.Cancellation))!.Value.Png;
        await using var wayPng = (await store.OpenAsync(run, grids[0].Id, SamplePictureKind.Trajectory, TestWorld.Cancellation))!.Value.Png;
        Assert.Equal((3, 4), (nearPng.Length, wayPng.Length));
        Assert.Null(await store.OpenAsync(run, grids[1].Id, SamplePictureKind.Neighbours, TestWorld.Cancellation));
        Assert.Null(await store.OpenAsync(run + 1, grids[0].Id, SamplePictureKind.Neighbours, TestWorld.Cancellation));
        Assert.Null(await store.FindAsync(run + 1, grids[0].Id, TestWorld.Cancellation));
        Assert.Null((await store.FindAsync(run, grids[1].Id, TestWorld.Cancellation))!.Neighbours);
    }

    [Theory, OnBothDatabases]
    public async Task Grids_of_several_runs_are_read_at_once(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(3);
        for (var slot = 0; slot < 3; slot++)
        {
            await world.ClaimAsync(world.Request(slot));
        }

        await new Support.Journal(world, runs[1], 1).Samples(10, new string('a', 64), nfe: 8).Samples(5, new string('b', 64), nfe: 8).Samples(5, new string('c', 64), nfe: 1).ShipAsync();
        await new Support.Journal(world, runs[0], 1).Samples(5, new string('d', 64)).ShipAsync();

        var store = world.Get<SampleStore>();
        var grids = await store.ListAsync([runs[1], runs[0], 4711], TestWorld.Cancellation);
        var with = await store.RunsWithAsync((await world.SummaryAsync(runs[0])).SweepId!.Value, TestWorld.Cancellation);

        Assert.Equal([(runs[0], 5, 8), (runs[1], 5, 1), (runs[1], 5, 8), (runs[1], 10, 8)], grids.Select(grid => (grid.RunId, grid.Step, grid.Nfe)));
        Assert.Equal([runs[0], runs[1]], with);
        Assert.Empty(await store.ListAsync([], TestWorld.Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task Pictures_go_with_their_grid_when_a_run_is_taken_back_or_deleted(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        var (checkpoint, bytes) = await world.StoreArtifactAsync([8, 8]);
        var (kept, late, way) = (await world.StoreArtifactAsync([1, 2, 3]), await world.StoreArtifactAsync([4, 5, 6]), await world.StoreArtifactAsync([7, 7, 7, 7]));
        await journal.Started().Losses(1, 5).Checkpoint(5, checkpoint, bytes).Add(Grid(5, 'a', Neighbours(kept))).Losses(6, 10).Add(Grid(10, 'b', Neighbours(late), Trajectory(way))).Ended(AttemptOutcome.Lost, 10, "Killed.").ShipAsync();
        Assert.Equal(3 + 3 + 4 + 2 + 2, (await world.Get<RetentionStore>().LookAsync(TestWorld.Cancellation)).Bytes);

        var again = await world.ClaimAsync();

        Assert.Equal(5, again!.Checkpoint!.Step);
        Assert.Equal([true, false, false], new[] { kept, late, way }.Select(file => world.Artifacts.Contains(file.Sha256)));
        Assert.Equal(1L, await world.ReadAsync(context => Sql.NumberAsync(context, "SELECT COUNT(*) FROM sample_pictures", TestWorld.Cancellation)));

        await new Support.Journal(world, run, 2).Started(5).Ended(AttemptOutcome.Cancelled, 5).ShipAsync();
        var plan = await world.Runs.PlanDeletionAsync([run], TestWorld.Cancellation);
        var (_, freed) = await world.Runs.DeleteAsync([run], TestWorld.Cancellation);

        Assert.Equal(plan, freed);
        Assert.Equal(3 + 2, freed.Bytes);
        Assert.False(world.Artifacts.Contains(kept.Sha256));
        Assert.Equal(0L, await world.ReadAsync(context => Sql.NumberAsync(context, "SELECT COUNT(*) FROM sample_pictures", TestWorld.Cancellation)));
    }

    [Theory, OnBothDatabases]
    public async Task Picture_that_two_runs_have_stays_until_both_are_gone(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(2);
        var shared = await world.StoreArtifactAsync([1, 2, 3]);
        for (var slot = 0; slot < 2; slot++)
        {
            await world.ClaimAsync(world.Request(slot));
            await new Support.Journal(world, runs[slot], 1).Add(Grid(5, 'a', Neighbours(shared))).Ended(AttemptOutcome.Cancelled, 5).ShipAsync();
        }

        Assert.Equal(0, (await world.Runs.PlanDeletionAsync([runs[0]], TestWorld.Cancellation)).Bytes);
        await world.Runs.DeleteAsync([runs[0]], TestWorld.Cancellation);
        Assert.True(world.Artifacts.Contains(shared.Sha256));
        await world.Runs.DeleteAsync([runs[1]], TestWorld.Cancellation);
        Assert.False(world.Artifacts.Contains(shared.Sha256));
    }

    [Theory, OnBothDatabases]
    public async Task Pictures_that_cannot_be_right_are_dropped_with_a_warning_and_the_grid_stays(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        var good = Neighbours((new string('e', 64), 3));
        await journal
            .Add(Grid(1, 'a', good with { Sha256 = "../etc/passwd" }, Trajectory(("no hash", 1))))
            .Add(Grid(2, 'b', good with { Indices = [1, 2] }, Trajectory((new string('f', 64), 1)) with { Cells = 1000 }))
            .Add(Grid(3, 'c', good with { Indices = [-1, 0, 1] }, Trajectory((new string('f', 64), 1)) with { Times = [] }))
            .ShipAsync();

        Assert.Equal([(1, false, false), (2, false, false), (3, false, false)], (await world.Get<SampleStore>().ListAsync(run, TestWorld.Cancellation)).Select(grid => (grid.Step, grid.HasNeighbours, grid.HasTrajectory)));
        var log = await world.Runs.LogAsync(run, 0, 100, TestWorld.Cancellation);
        Assert.Equal(6, log.Count(line => line.Text.EndsWith("were dropped: they do not fit it.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Numbers_of_a_search_have_places_on_their_scale()
    {
        var rate = new SweptNumber("optimizer.learningRate", 1e-4, 1e-2, Whole: false, Logarithmic: true);
        var batch = new SweptNumber("training.batchSize", 8, 72, Whole: true, Logarithmic: false);

        Assert.Equal([0, 0.5, 1, 0], [rate.PlaceOf(1e-4), Math.Round(rate.PlaceOf(1e-3), 12), rate.PlaceOf(5), rate.PlaceOf(-1)]);
        Assert.Equal(1e-3, rate.At(0.5), 1e-12);
        Assert.Equal((0.25, 41), (batch.PlaceOf(24), batch.At(0.51)));
    }

    private static SamplesSaved Grid(int step, char hash, SampleNeighbours? neighbours = null, SampleTrajectory? trajectory = null) => new()
    {
        Step = step, Solver = "euler", Nfe = 8, NoiseBank = 1, Rows = 2, Columns = 2, CellWidth = 28, CellHeight = 28, File = "a.png", Sha256 = new string(hash, 64), Bytes = 1, Neighbours = neighbours, Trajectory = trajectory,
    };

    private static SampleNeighbours Neighbours((string Sha256, long Bytes) file) => new()
    {
        File = "n.png", Sha256 = file.Sha256, Bytes = file.Bytes, Extractor = "cnn", Dataset = "shapes", Images = 320, Indices = [3, 1, 4], Distances = [0.5, double.NaN, 2.25], Typical = 1.5,
    };

    private static SampleTrajectory Trajectory((string Sha256, long Bytes) file) => new() { File = "t.png", Sha256 = file.Sha256, Bytes = file.Bytes, Cells = 2, Times = [1, 0.5, 0] };
}
