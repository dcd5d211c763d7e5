using System.Security.Cryptography;
using System.Text;
using CatchUp.Contracts.Journal;
using CatchUp.Tracking.Reports;
using CatchUp.Tracking.Retention;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Tests.Support;

namespace CatchUp.Tracking.Tests.Reports;

public sealed class ReportStoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_report_is_written_found_changed_and_deleted(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var store = world.Get<ReportStore>();
        var first = (await store.CreateAsync(new(" Orders compared ", "# Text with 100% and _signs_ ü 😀", []), "ada", Cancellation)).Report!;
        world.Time.Advance(TimeSpan.FromMinutes(1));
        var second = (await store.CreateAsync(new("Second", "other", []), null, Cancellation)).Report!;
        world.Time.Advance(TimeSpan.FromMinutes(1));

        var saved = await store.SaveAsync(first.Summary.Id, 1, new("Orders", "new", []), "eve", Cancellation);

        Assert.Equal(ReportSavingResult.Saved, saved.Result);
        Assert.Equal(("Orders", "new", 2, "ada", "eve"), (saved.Report!.Summary.Title, saved.Report.Text, saved.Report.Summary.Version, saved.Report.Summary.Owner, saved.Report.Summary.EditedBy));
        Assert.Equal("Orders compared", first.Summary.Title);
        Assert.Equal([first.Summary.Id, second.Summary.Id], (await store.ListAsync(null, 0, 10, Cancellation)).Items.Select(report => report.Id));
        Assert.Equal([second.Summary.Id], (await store.ListAsync("OTHER", 0, 10, Cancellation)).Items.Select(report => report.Id));
        Assert.Equal([first.Summary.Id], (await store.ListAsync("ada", 0, 10, Cancellation)).Items.Select(report => report.Id));
        Assert.Empty((await store.ListAsync("100%", 0, 10, Cancellation)).Items);
        var page = await store.ListAsync(null, 1, 1, Cancellation);
        Assert.Equal((2, null), (page.Total, page.Next));

        Assert.Equal(CommandResult.Accepted, (await store.DeleteAsync(first.Summary.Id, Cancellation)).Result);
        Assert.Equal(CommandResult.NotFound, (await store.DeleteAsync(first.Summary.Id, Cancellation)).Result);
        Assert.Null(await store.FindAsync(first.Summary.Id, Cancellation));
        Assert.Equal(ReportSavingResult.NotFound, (await store.SaveAsync(first.Summary.Id, 2, new("x", "y", []), null, Cancellation)).Result);
    }

    [Theory, OnBothDatabases]
    public async Task Of_two_saves_over_one_version_one_is_told_and_answered_the_others_text(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var store = world.Get<ReportStore>();
        var id = (await store.CreateAsync(new("Report", "start", []), null, Cancellation)).Report!.Summary.Id;

        var savings = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => store.SaveAsync(id, 1, new("Report", $"writer {writer}", []), $"writer {writer}", Cancellation)));

        var won = Assert.Single(savings, saving => saving.Result == ReportSavingResult.Saved);
        Assert.All(savings.Where(saving => saving != won), saving =>
        {
            Assert.Equal(ReportSavingResult.Conflict, saving.Result);
            Assert.Equal(won.Report!.Text, saving.Report!.Text);
            Assert.Contains($"{won.Report.Text} has saved version 2 meanwhile", saving.Message, StringComparison.Ordinal);
        });
        Assert.Equal((won.Report!.Text, 2), ((await store.FindAsync(id, Cancellation))!.Text, (await store.FindAsync(id, Cancellation))!.Summary.Version));
    }

    [Theory, OnBothDatabases]
    public async Task What_cannot_be_stored_is_refused_and_leaves_nothing(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var store = world.Get<ReportStore>();
        var large = new string('x', ReportStore.MostCharacters + 1);
        foreach (var draft in new ReportDraft[] { new("", "x", []), new(" ", "x", []), new("a\nb", "x", []), new(new string('x', 201), "x", []), new("x", large, []), new("x", "a\0b", []), new("x", "half \ud800 a character", []) })
        {
            Assert.Equal(ReportSavingResult.Refused, (await store.CreateAsync(draft, null, Cancellation)).Result);
        }

        Assert.Equal(0, (await store.ListAsync(null, 0, 10, Cancellation)).Total);
    }

    [Theory, OnBothDatabases]
    public async Task A_frozen_block_keeps_its_values_and_pictures_when_its_run_is_deleted_and_says_so(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, picture) = await EndedRunAsync(world);
        var (store, reader) = (world.Get<ReportStore>(), world.Get<ReportDataReader>());
        var matrix = new ReportBlock { Kind = ReportBlockKind.Matrix, Runs = [run] };
        var chart = new ReportBlock { Kind = ReportBlockKind.Chart, Runs = [run], Metric = "loss" };
        var frozen = new List<FrozenData>();
        foreach (var block in new[] { matrix, chart })
        {
            frozen.Add(FrozenData.Of(await reader.ReadAsync(block, curves: true, Cancellation), world.Time.GetUtcNow(), "1.2.3"));
        }

        var text = $"```matrix\nruns: [{run}]\nfrozen: {frozen[0].Sha256}\n```\n\n```chart\nruns: [{run}]\nmetric: loss\nfrozen: \"{frozen[1].Sha256}\"\n```\n";
        var report = (await store.CreateAsync(new("Kept", text, frozen), null, Cancellation)).Report!;
        Assert.Equal(2, report.Summary.Frozen);
        Assert.Empty(ReportChanges.Between((await store.FrozenAsync(report.Summary.Id, frozen[1].Sha256, Cancellation))!.Data!, await reader.ReadAsync(chart, curves: true, Cancellation)));

        // The plan does not promise to free what the report keeps.
        Assert.Equal(0, (await world.Runs.PlanDeletionAsync([run], Cancellation)).Bytes);
        var name = (await world.SummaryAsync(run)).Name;
        Assert.Equal(CommandResult.Accepted, (await world.Runs.DeleteAsync([run], Cancellation)).Outcome.Result);

        Assert.True(world.Artifacts.Contains(picture));
        Assert.Equal(3, (await world.Get<RetentionStore>().LookAsync(Cancellation)).Bytes);
        var kept = (await store.FrozenAsync(report.Summary.Id, frozen[0].Sha256, Cancellation))!;
        Assert.Equal((frozen[0].Json, "1.2.3", world.Time.GetUtcNow()), (kept.Json, kept.Server, kept.FrozenAt));
        Assert.Equal(kept.Sha256, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(kept.Json))));
        var stream = (await store.OpenImageAsync(report.Summary.Id, picture, Cancellation))!;
        await using (stream)
        {
            Assert.Equal(3, stream.Length);
        }

        Assert.Equal([$"{name} (run {run}) is gone."], ReportChanges.Between(kept.Data!, await reader.ReadAsync(matrix, curves: true, Cancellation)));
        Assert.Equal(40, Assert.Single((await store.FrozenAsync(report.Summary.Id, frozen[1].Sha256, Cancellation))!.Data!.Curves).Buckets.Sum(bucket => bucket.Count));

        // Thawed, the picture goes with it.
        Assert.Equal(ReportSavingResult.Saved, (await store.SaveAsync(report.Summary.Id, 1, new("Kept", "nothing", []), null, Cancellation)).Result);
        Assert.False(world.Artifacts.Contains(picture));
        Assert.Null(await store.OpenImageAsync(report.Summary.Id, picture, Cancellation));
        Assert.Null(await store.FrozenAsync(report.Summary.Id, frozen[0].Sha256, Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task A_block_that_is_copied_into_another_report_brings_its_data_along(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, picture) = await EndedRunAsync(world);
        var (store, reader) = (world.Get<ReportStore>(), world.Get<ReportDataReader>());
        var frozen = FrozenData.Of(await reader.ReadAsync(new ReportBlock { Kind = ReportBlockKind.Matrix, Runs = [run] }, curves: true, Cancellation), world.Time.GetUtcNow(), "1");
        var text = $"```matrix\nruns: [{run}]\nfrozen: {frozen.Sha256}\n```";
        var first = (await store.CreateAsync(new("First", text, [frozen]), null, Cancellation)).Report!;
        var second = (await store.CreateAsync(new("Second", text, []), null, Cancellation)).Report!;
        await world.Runs.DeleteAsync([run], Cancellation);

        await store.DeleteAsync(first.Summary.Id, Cancellation);

        Assert.Equal(frozen.Json, (await store.FrozenAsync(second.Summary.Id, frozen.Sha256, Cancellation))!.Json);
        Assert.True(world.Artifacts.Contains(picture));
        await store.DeleteAsync(second.Summary.Id, Cancellation);
        Assert.False(world.Artifacts.Contains(picture));
    }

    [Theory, OnBothDatabases]
    public async Task A_picture_that_is_gone_cannot_be_frozen(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, picture) = await EndedRunAsync(world);
        var store = world.Get<ReportStore>();
        var frozen = FrozenData.Of(await world.Get<ReportDataReader>().ReadAsync(new ReportBlock { Kind = ReportBlockKind.Matrix, Runs = [run] }, curves: true, Cancellation), world.Time.GetUtcNow(), "1");
        var report = (await store.CreateAsync(new("Report", "before", []), null, Cancellation)).Report!;
        world.Artifacts.Delete(picture);

        var saving = await store.SaveAsync(report.Summary.Id, 1, new("Report", $"```matrix\nruns: [{run}]\nfrozen: {frozen.Sha256}\n```", [frozen]), null, Cancellation);

        Assert.Equal(ReportSavingResult.Refused, saving.Result);
        Assert.Equal(("before", 1), ((await store.FindAsync(report.Summary.Id, Cancellation))!.Text, (await store.FindAsync(report.Summary.Id, Cancellation))!.Summary.Version));
    }

    private static async Task<(long Run, string Picture)> EndedRunAsync(TestWorld world)
    {
        var (run, journal) = await world.RunningAsync();
        var (picture, bytes) = await world.StoreArtifactAsync([1, 2, 3]);
        await journal.Started().Losses(1, 40).Samples(40, picture, nfe: 4, bytes: bytes).Evaluation(40, 12.5).Ended(AttemptOutcome.Completed, 40).ShipAsync();
        return (run, picture);
    }
}
