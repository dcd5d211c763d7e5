using Bunit;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Workers;
using CatchUp.Dashboard.Compare;
using CatchUp.Dashboard.Runs;
using CatchUp.Dashboard.Tests.Support;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Reproductions;
using CatchUp.Tracking.Runs;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace CatchUp.Dashboard.Tests.Reproductions;

public sealed class ReproductionPageTests
{
    private const string File = "name: one <script>alert(1)</script>\nbase: { preset: fashion-tiny, training: { iterations: 3 } }\n";

    private static readonly Dictionary<string, string> Machine = new()
    {
        ["device"] = "cpu", ["threads"] = "2", ["torch"] = "2.10.0", ["dataset"] = "fashion-mnist-10k", ["dataset_sha256"] = new string('d', 64), ["commit"] = new string('1', 40), ["package/SkiaSharp"] = "2.88.9",
    };

    [Fact]
    public async Task One_click_queues_the_run_again_when_nothing_speaks_against_the_same_bits()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        await EndAsync(world, await world.ClaimAsync(), Machine);
        await BeatAsync(world, threads: 2);
        var page = Open(world, 1);
        page.WaitForAssertion(() => Assert.Single(Buttons(page, "Reproduce")));

        await page.InvokeAsync(() => Buttons(page, "Reproduce").Single().Click());

        page.WaitForAssertion(() => Assert.Equal("runs/2?tab=certificate", world.Address));
        var queued = (await world.Services.GetRequiredService<RunStore>().FindAsync(2, PageWorld.Cancellation))!;
        Assert.Equal(1, queued.Summary.ReproducesRunId);
    }

    [Fact]
    public async Task What_speaks_against_the_same_bits_is_said_before_it_is_queued()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        await EndAsync(world, await world.ClaimAsync(), Machine);
        await BeatAsync(world, threads: 4);
        var dialogs = world.Open<MudDialogProvider>("/runs/1");
        var page = Open(world, 1);
        page.WaitForAssertion(() => Assert.Single(Buttons(page, "Reproduce")));

        // Ends with the dialog that it opens.
        var clicked = Buttons(page, "Reproduce").Single().ClickAsync(new Microsoft.AspNetCore.Components.Web.MouseEventArgs());
        dialogs.WaitForAssertion(() => Assert.Contains("Other threads: run 1 had 2, and connected workers have 4.", dialogs.Markup, StringComparison.Ordinal));
        Assert.Null(await world.Services.GetRequiredService<RunStore>().FindAsync(2, PageWorld.Cancellation));
        await dialogs.InvokeAsync(() => dialogs.FindAll("button").Single(button => button.TextContent.Trim() == "Reproduce all the same").Click());

        await clicked;
        page.WaitForAssertion(() => Assert.Equal("runs/2?tab=certificate", world.Address));
    }

    [Fact]
    public async Task Certificate_is_on_both_runs_and_says_in_a_sentence_what_came_of_it()
    {
        await using var world = await PageWorld.CreateAsync();
        await ReproducedAsync(world, Machine);

        foreach (var run in new[] { 1, 2 })
        {
            var page = Open(world, run, "?tab=certificate");
            page.WaitForAssertion(() => Assert.Equal("Same bits: 3 points, 1 evaluation and 1 snapshot are identical.", page.Find(".certificate-verdict strong").TextContent));
            Assert.NotNull(page.Find(".certificate-verdict.state-completed"));
            Assert.Equal("Certificate", page.Find("nav.tabs a[aria-current=page]").TextContent);
            Assert.Equal("/api/v1/runs/2/certificate", page.Find("a[download]").GetAttribute("href"));
            Assert.Contains("Nothing that is recorded differs", page.Markup, StringComparison.Ordinal);
            Assert.Empty(page.FindAll("script"));
        }

        var facts = Open(world, 1);
        facts.WaitForAssertion(() => Assert.Contains("Reproduced by", facts.Find(".run-facts").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Compared_again_after_a_point_was_changed_it_says_how_far_and_where()
    {
        await using var world = await PageWorld.CreateAsync();
        await ReproducedAsync(world, new(Machine) { ["threads"] = "4" });
        var page = Open(world, 2, "?tab=certificate");
        page.WaitForAssertion(() => Assert.StartsWith("Same bits", page.Find(".certificate-verdict strong").TextContent, StringComparison.Ordinal));
        var contexts = world.Services.GetRequiredService<IDbContextFactory<CatchUpContext>>();
        await using (var context = await contexts.CreateDbContextAsync(PageWorld.Cancellation))
        {
            await context.Database.ExecuteSqlAsync($"UPDATE points SET value = value * 2 WHERE run_id = 2 AND step = 2", PageWorld.Cancellation);
        }

        await page.InvokeAsync(() => Buttons(page, "Compare again").Single().Click());

        page.WaitForAssertion(() => Assert.StartsWith("Not the same bits: 1 of 3 points differ. The first difference is in loss at step 2. The largest relative distance of points is 0.5", page.Find(".certificate-verdict strong").TextContent, StringComparison.Ordinal));
        Assert.EndsWith("Likely because threads 2 ≠ 4.", page.Find(".certificate-verdict strong").TextContent, StringComparison.Ordinal);
        Assert.Equal(["loss", "2", "1", "0", "2", "0.5", "0.5"], page.FindAll("[aria-label='Points of each metric'] tbody tr > *").Select(cell => cell.TextContent.Trim()));
    }

    [Fact]
    public async Task Run_that_nobody_reproduced_has_no_such_tab_but_an_answer_at_its_address()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);

        var page = Open(world, 1);
        page.WaitForAssertion(() => Assert.Equal(9, page.FindAll("nav.tabs a").Count));
        var asked = Open(world, 1, "?tab=certificate&reproduction=nonsense");

        asked.WaitForAssertion(() => Assert.Contains("It has not been reproduced.", asked.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Environments_are_compared_entry_by_entry_and_what_is_the_same_is_counted()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File.Replace("base:", "replicates: 3\nbase:", StringComparison.Ordinal));
        await EndAsync(world, await world.ClaimAsync(), Machine);
        await EndAsync(world, await world.ClaimAsync(), new(Machine) { ["threads"] = "4", ["package/SkiaSharp"] = "2.88.10", ["patch_sha256"] = new string('9', 64) }, "--- a/Loss.cs\n+++ b/Loss.cs\n-return <b>a</b>;\n+return b;\n");

        var page = world.Open<ComparePage>("/compare?runs=1,2,3&tab=differences");

        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll("[aria-label='Environment differences'] .group-row").Count));
        Assert.Equal(["Code", "changes over the commit", "Machine", "threads", "Libraries", "package SkiaSharp"], page.FindAll("[aria-label='Environment differences'] tbody th").Select(cell => cell.TextContent));
        Assert.Equal(["none", "9999999999", "2", "4", "2.88.9", "2.88.10"], page.FindAll("[aria-label='Environment differences'] tbody td").Select(cell => cell.TextContent));
        Assert.Contains("Everything else is the same (5 entries).", page.Markup, StringComparison.Ordinal);
        Assert.Contains("1 run has not started and recorded nothing", page.Markup, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal(["--- a/Loss.cs", "+++ b/Loss.cs", "-return <b>a</b>;", "+return b;"], page.FindAll(".patch-plus .patch-line").Select(line => line.TextContent)));
        Assert.Empty(page.FindAll(".patch-line b"));
    }

    [Fact]
    public async Task Reproduction_is_no_replicate_of_its_original()
    {
        await using var world = await PageWorld.CreateAsync();
        await ReproducedAsync(world, Machine);
        var runs = await world.Services.GetRequiredService<RunStore>().FindAsync([1, 2], PageWorld.Cancellation);
        Assert.Equal(runs[0].Summary.Configuration, runs[1].Summary.Configuration);

        Assert.False(Comparison.Of(runs, new Dictionary<long, Dashboard.Charts.SeriesStyle>(), null).HasReplicates);
        var groups = await world.Services.GetRequiredService<RunStore>().GroupsAsync(new RunQuery { Groups = [CatchUp.Tracking.Filters.RunTerm.Named("configuration")] }, PageWorld.Cancellation);
        Assert.Equal((1, 1L), (groups.Total, Assert.Single(groups.Items).First.Id));
        Assert.Equal(1, groups.Items[0].Runs);
    }

    /// <summary>Run 1 and its reproduction, run 2, that recorded the same.</summary>
    private static async Task ReproducedAsync(PageWorld world, Dictionary<string, string> second)
    {
        await world.SubmitAsync(File);
        await EndAsync(world, await world.ClaimAsync(), Machine);
        await world.Services.GetRequiredService<ReproductionStore>().QueueAsync(1, Guid.NewGuid(), null, PageWorld.Cancellation);
        await EndAsync(world, await world.ClaimAsync(), second);
    }

    private static async Task EndAsync(PageWorld world, RunAssigned assigned, Dictionary<string, string> environment, string? patch = null)
    {
        List<JournalEntry> journal =
        [
            new AttemptStarted { Environment = environment, SourcePatch = patch },
            .. Enumerable.Range(1, 3).Select(step => new PointsLogged { Step = step, Values = new Dictionary<string, double> { ["loss"] = 1.0 / step } }),
            PageWorld.Fid(12, step: 3),
            new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 3 },
        ];
        var response = await world.Bus.CreateRequestClient<ShipJournal>().GetResponse<JournalStored, AttemptSuperseded>(
            new ShipJournal { RunId = assigned.RunId, Attempt = assigned.Attempt, Entries = [.. journal.Select((entry, index) => entry with { Number = index + 1, At = DateTimeOffset.UnixEpoch })] }, PageWorld.Cancellation);
        Assert.True(response.Is(out Response<JournalStored>? _));
    }

    private static async Task BeatAsync(PageWorld world, int threads) => await world.Bus.CreateRequestClient<Heartbeat>().GetResponse<HeartbeatAnswer>(
        new Heartbeat
        {
            Worker = "test-worker",
            Incarnation = world.Incarnation,
            Version = "1",
            Slots = [new SlotStatus { Capabilities = new WorkerCapabilities { Datasets = ["fashion-mnist-10k"], Threads = threads, Commit = new string('1', 40) } }],
        },
        PageWorld.Cancellation);

    private static IRenderedComponent<RunPage> Open(PageWorld world, long run, string query = "") => world.Open<RunPage>($"/runs/{run}{query}", parameters => parameters.Add(page => page.Id, run));

    private static IEnumerable<AngleSharp.Dom.IElement> Buttons(IRenderedComponent<RunPage> page, string text) => page.FindAll("button").Where(button => button.TextContent.Trim() == text);
}
