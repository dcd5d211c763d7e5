using CatchUp.Contracts.Journal;
using CatchUp.Tracking.Annotations;
using CatchUp.Tracking.Reports;
using CatchUp.Tracking.Tests.Support;

namespace CatchUp.Tracking.Tests.Reports;

public sealed class ReportDataReaderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_matrix_holds_grids_of_one_noise_bank_alone(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync(3);
        var journals = await ClaimAllAsync(world, 3);
        for (var i = 0; i < 3; i++)
        {
            var (sha256, _) = await world.StoreArtifactAsync([(byte)i]);
            foreach (var (step, nfe) in new[] { (100, 1), (100, 4), (200, 4), (300, 4) })
            {
                var samples = new SamplesSaved { Step = step, Solver = "euler", Nfe = nfe, NoiseBank = i == 2 ? 7 : 1, Rows = 2, Columns = 2, CellWidth = 4, CellHeight = 4, File = "samples/x.png", Sha256 = sha256, Bytes = 1 };
                _ = step == 100 && nfe == 1 ? journals[i].Started().Add(samples) : journals[i].Add(samples);
            }

            await journals[i].ShipAsync();
        }

        var reader = world.Get<ReportDataReader>();
        long[] runs = [.. journals.Select(journal => journal.Run)];
        var last = await reader.ReadAsync(new ReportBlock { Kind = ReportBlockKind.Matrix, Runs = runs }, curves: true, Cancellation);
        var earlier = await reader.ReadAsync(new ReportBlock { Kind = ReportBlockKind.Matrix, Runs = [runs[1], runs[0]], Nfe = [4], Step = 250 }, curves: true, Cancellation);

        Assert.Equal([(runs[0], 1, 100), (runs[0], 4, 300), (runs[1], 1, 100), (runs[1], 4, 300)], last.Grids.Select(grid => (grid.RunId, grid.Nfe, grid.Step)));
        Assert.Equal([runs[2]], last.OtherNoise);
        Assert.Equal([(runs[1], 200), (runs[0], 200)], earlier.Grids.Select(grid => (grid.RunId, grid.Step)));
    }

    [Theory, OnBothDatabases]
    public async Task Numbers_over_NFE_are_those_of_the_last_evaluated_step_without_gates(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        await journal.Started().Evaluation(100, 30, nfe: 1).Evaluation(200, 20, nfe: 1).Evaluation(200, 10, nfe: 4).Evaluation(200, 99, nfe: 8, gate: 50).ShipAsync();

        var data = await world.Get<ReportDataReader>().ReadAsync(new ReportBlock { Kind = ReportBlockKind.Chart, Runs = [run, 999], Metric = "fid", Over = ReportAxis.Nfe }, curves: true, Cancellation);

        Assert.Equal([(1, 20.0), (4, 10.0)], data.Evaluations.Select(e => (e.Nfe, e.Value)));
        Assert.Equal([999], data.Missing);
    }

    [Theory, OnBothDatabases]
    public async Task A_table_shows_what_the_filter_finds_with_its_columns_in_its_order(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await world.QueueAsync(3);
        var journals = await ClaimAllAsync(world, 3);
        foreach (var (index, journal) in journals.Index())
        {
            await journal.Started().Losses(1, 3, step => index + 1).Evaluation(3, 30 - index).ShipAsync();
        }

        await world.Get<AnnotationStore>().TagAsync([journals[0].Run, journals[2].Run], "night", Cancellation);
        var reader = world.Get<ReportDataReader>();
        var block = new ReportBlock { Kind = ReportBlockKind.Table, Filter = "tag:night and metric[loss] > 0", Columns = ["name", "tag", "fid[nfe=4]", "created"], Sort = "-metric[loss]" };
        var data = await reader.ReadAsync(block, curves: true, Cancellation);

        Assert.Equal([journals[2].Run, journals[0].Run], data.Rows.Select(row => row.Run));
        Assert.Equal(2, data.Total);
        var cells = data.Rows[0].Cells;
        Assert.Equal(("sweep-2", "night", 28.0), (cells[0].Text, cells[1].Text, cells[2].Number));
        Assert.Contains("500 samples", cells[2].Evaluation!.Protocol, StringComparison.Ordinal);
        Assert.NotNull(cells[3].Time);

        // Through JSON and back it is the same, to the bit.
        var frozen = FrozenData.Of(data, world.Time.GetUtcNow(), "1");
        Assert.Equal(frozen.Sha256, FrozenData.HashOf(frozen.Data!));

        // One is found no longer, another is found too, and a third has changed.
        await world.Get<AnnotationStore>().UntagAsync([journals[0].Run], "night", Cancellation);
        await world.Get<AnnotationStore>().TagAsync([journals[1].Run], "night", Cancellation);
        await world.Runs.RenameAsync(journals[2].Run, "renamed", Cancellation);
        Assert.Equal(
            [$"sweep-0 (run {journals[0].Run}) is gone or no longer found by the filter.", $"sweep-2 (run {journals[2].Run}) has changed.", $"sweep-1 (run {journals[1].Run}) is found too."],
            ReportChanges.Between(data, await reader.ReadAsync(block, curves: true, Cancellation)));
    }

    [Theory, OnBothDatabases]
    public async Task Values_that_are_not_finite_are_kept_too(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        await journal.Started().Points(1, ("loss", 1)).Points(2, ("loss", double.NaN)).Points(3, ("loss", double.PositiveInfinity)).Evaluation(3, double.NaN).ShipAsync();
        var reader = world.Get<ReportDataReader>();

        var curve = FrozenData.Of(await reader.ReadAsync(new ReportBlock { Kind = ReportBlockKind.Chart, Runs = [run], Metric = "loss" }, curves: true, Cancellation), world.Time.GetUtcNow(), "1");
        var fid = FrozenData.Of(await reader.ReadAsync(new ReportBlock { Kind = ReportBlockKind.Chart, Runs = [run], Metric = "fid", Over = ReportAxis.Nfe }, curves: true, Cancellation), world.Time.GetUtcNow(), "1");

        Assert.Equal(2, curve.Data!.Curves[0].Buckets.Sum(bucket => bucket.NotFinite));
        Assert.True(double.IsNaN(fid.Data!.Evaluations[0].Value));
    }

    [Fact]
    public async Task A_curve_has_the_same_hash_beside_other_runs()
    {
        await using var world = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        await world.QueueAsync(2);
        var journals = await ClaimAllAsync(world, 2);
        foreach (var journal in journals)
        {
            await journal.Started().Losses(1, 1500, step => Math.Sin(step)).ShipAsync();
        }

        var reader = world.Get<ReportDataReader>();
        var block = new ReportBlock { Kind = ReportBlockKind.Chart, Runs = [.. journals.Select(journal => journal.Run)], Metric = "loss" };
        var both = await reader.ReadAsync(block, curves: true, Cancellation);
        Assert.True(both.Curves[0].BucketWidth > 1);
        Assert.InRange(both.Curves[0].Buckets.Count, 100, ReportDataReader.Buckets);
        await journals[1].Ended(AttemptOutcome.Completed, 1500).ShipAsync();
        await world.Runs.DeleteAsync([journals[1].Run], Cancellation);

        var changes = ReportChanges.Between(both, await reader.ReadAsync(block, curves: true, Cancellation));

        Assert.Equal([$"sweep-1 (run {journals[1].Run}) is gone."], changes);
    }

    private static async Task<List<Journal>> ClaimAllAsync(TestWorld world, int count)
    {
        var journals = new List<Journal>();
        for (var slot = 0; slot < count; slot++)
        {
            var assigned = (await world.ClaimAsync(world.Request(slot)))!;
            journals.Add(new Journal(world, assigned.RunId, assigned.Attempt));
        }

        return journals;
    }
}
