using Bunit;
using CatchUp.Contracts.Journal;
using CatchUp.Dashboard.Runs;
using CatchUp.Dashboard.Tests.Support;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Dashboard.Tests.Runs;

public sealed class RunPageTests
{
    private const string File = "name: one <script>alert(1)</script>\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [1e-3] }\n";

    [Fact]
    public async Task Run_that_does_not_exist_is_named()
    {
        await using var world = await PageWorld.CreateAsync();

        var page = Open(world, 99);

        page.WaitForAssertion(() => Assert.Contains("There is no run 99.", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Waiting_run_says_why_it_waits_and_its_name_is_only_text()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);

        var page = Open(world, 1);

        page.WaitForAssertion(() => Assert.Equal("queued", page.Find(".page-header .state-chip").TextContent));
        Assert.NotEmpty(page.Find(".banner.state-queued").TextContent.Trim());
        Assert.Contains("<script>", page.Find("h1").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("script"));
    }

    [Theory]
    [InlineData(-15, "15 min later")]
    [InlineData(5, "5 min earlier")]
    [InlineData(0, "as predicted")]
    public async Task Completed_run_says_how_wrong_its_prediction_was(int minutes, string expected)
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        await world.BeatAsync(null);
        var assigned = await world.ClaimAsync();
        await world.ShipAsync(assigned, new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 600 });
        var context = await world.Services.GetRequiredService<IDbContextFactory<CatchUpContext>>().CreateDbContextAsync(PageWorld.Cancellation);
        await using (context)
        {
            await context.Database.ExecuteSqlAsync($"UPDATE runs SET predicted_end = ended_at + {minutes * TimeSpan.TicksPerMinute}", PageWorld.Cancellation);
        }

        var page = Open(world, 1);

        page.WaitForAssertion(() => Assert.EndsWith(expected, page.FindAll("dl div").Single(fact => fact.Children[0].TextContent == "Prediction").Children[1].TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tags_and_note_are_written_on_the_page_and_stay_text()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        var page = Open(world, 1);
        page.WaitForAssertion(() => page.Find(".annotation-add"));

        await page.InvokeAsync(() => page.Find(".annotation-add").Input("<i>night"));
        await page.InvokeAsync(() => page.Find(".annotation-add").KeyDown(new KeyboardEventArgs { Key = "Enter" }));
        page.WaitForAssertion(() => Assert.Equal("<i>night", page.Find(".annotation-tag a").TextContent));
        Assert.Equal("/runs?q=tag%20%3D%20%22%3Ci%3Enight%22", page.Find(".annotation-tag a").GetAttribute("href"));
        await page.InvokeAsync(() => page.FindAll(".run-annotations button").Single(button => button.TextContent == "Add a note").Click());
        await page.InvokeAsync(() => page.Find(".annotation-note").Change("<b>look</b> again"));
        await page.InvokeAsync(() => page.FindAll(".run-annotations button").Single(button => button.TextContent.Trim() == "Keep").Click());

        page.WaitForAssertion(() => Assert.Equal("<b>look</b> again", page.Find(".annotation-text").TextContent));
        Assert.Empty(page.FindAll(".run-annotations b, .run-annotations i"));
        var run = (await world.Services.GetRequiredService<RunStore>().FindAsync(1, CancellationToken.None))!.Summary;
        Assert.Equal(("<b>look</b> again", "<i>night"), (run.Note, run.Tags.Single()));
        await page.InvokeAsync(() => page.Find(".annotation-tag button").Click());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".annotation-tag")));
    }

    [Fact]
    public async Task Page_follows_the_run_without_reloading()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        var page = Open(world, 1);
        page.WaitForAssertion(() => Assert.Equal("queued", page.Find(".page-header .state-chip").TextContent));

        var assigned = await world.ClaimAsync();
        await world.ShipAsync(assigned, new PointsLogged { Step = 1, ImagesSeen = 32, Values = new Dictionary<string, double> { ["loss"] = 1.25 } });

        page.WaitForAssertion(() => Assert.Equal("running", page.Find(".page-header .state-chip").TextContent), TimeSpan.FromSeconds(30));
        page.WaitForAssertion(() => Assert.Contains("1.25", page.Find(".run-facts").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Failed_run_shows_cause_and_advice_first()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        var assigned = await world.ClaimAsync();
        await world.ShipAsync(assigned, new AttemptEnded { Outcome = AttemptOutcome.Failed, Step = 4, Cause = "The loss was not finite at step 4.", Advice = "Lower the learning rate." });

        var page = Open(world, 1);

        page.WaitForAssertion(() => Assert.Contains("The loss was not finite at step 4.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Contains("Lower the learning rate.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pause_and_resume_reach_the_run()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        var page = Open(world, 1);
        page.WaitForAssertion(() => Assert.NotEmpty(Buttons(page, "Pause")));

        // On the page's own dispatcher, so that no drawing comes between finding the button and pressing it.
        await page.InvokeAsync(() => Buttons(page, "Pause").Single().Click());
        page.WaitForAssertion(() => Assert.Equal("paused", page.Find(".page-header .state-chip").TextContent), TimeSpan.FromSeconds(30));
        await page.InvokeAsync(() => Buttons(page, "Resume").Single().Click());

        page.WaitForAssertion(() => Assert.Equal("queued", page.Find(".page-header .state-chip").TextContent), TimeSpan.FromSeconds(30));
        var events = await world.Services.GetRequiredService<RunStore>().EventsAsync(1, PageWorld.Cancellation);
        Assert.Equal(["queued", "paused", "queued"], events.Select(happened => happened.To.ToString().ToLowerInvariant()));
    }

    [Fact]
    public async Task Evaluations_are_marked_best_within_a_column()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        var assigned = await world.ClaimAsync();
        await world.ShipAsync(assigned, PageWorld.Fid(40, step: 150, nfe: 4), PageWorld.Fid(30, step: 300, nfe: 4), PageWorld.Fid(20, step: 150, nfe: 8));

        var page = Open(world, 1, "tab=fid");

        page.WaitForAssertion(() => Assert.Equal(["30.0 ± 0.3", "20.0 ± 0.3"], page.FindAll("td.best").Select(cell => cell.TextContent)));
        Assert.Contains("fashion-mnist-cnn-2 · 500 samples · vs fashion-mnist train", page.Find(".chart-caption").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samples_of_the_address_are_shown()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);
        var assigned = await world.ClaimAsync();
        await world.ShipAsync(assigned, Samples(50, 4), Samples(50, 8), Samples(100, 4), Samples(100, 8));

        var page = Open(world, 1, "tab=samples&step=50&nfe=4&zoom=3");

        // Checkpoints × NFE of the one run; the grid that the address names is looked at closely.
        page.WaitForAssertion(() => Assert.Contains("step 50 · euler · NFE 4 · head 1 · noise bank 1", page.Find("[data-cell]").TextContent, StringComparison.Ordinal));
        Assert.Equal(["Step 50", "Step 100"], page.FindAll(".matrix thead th").Select(head => head.TextContent));
        Assert.Equal(["NFE 4", "NFE 8"], page.FindAll(".matrix tbody th").Select(head => head.TextContent));
        Assert.Equal("504", page.Find(".matrix-cell img").GetAttribute("width"));

        await page.InvokeAsync(() => page.FindAll(".matrix tbody tr")[1].QuerySelectorAll("button")[0].Click());

        page.WaitForAssertion(() => Assert.Contains("step 50 · euler · NFE 8", page.Find("[data-cell]").TextContent, StringComparison.Ordinal));
        Assert.Matches("cell=\\d+", world.Address);
    }

    [Fact]
    public async Task Swept_keys_are_marked_in_the_configuration()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);

        var page = Open(world, 1, "tab=configuration");

        page.WaitForAssertion(() => Assert.Equal("learningRate", Assert.Single(page.FindAll(".swept dt")).TextContent));
    }

    [Theory]
    [InlineData("metrics", "No metrics yet.")]
    [InlineData("log", "Nothing was logged.")]
    [InlineData("environment", "Not known yet.")]
    [InlineData("checkpoints", "No checkpoints yet.")]
    [InlineData("history", "No worker has tried it yet.")]
    [InlineData("samples", "No samples yet.")]
    [InlineData("fid", "No evaluations yet.")]
    [InlineData("nonsense", "Overview")]
    public async Task Every_part_of_a_run_that_has_not_begun_says_so(string tab, string words)
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync(File);

        var page = Open(world, 1, $"tab={tab}");

        page.WaitForAssertion(() => Assert.Contains(words, page.Markup, StringComparison.Ordinal));
    }

    private static IRenderedComponent<RunPage> Open(PageWorld world, long run, string query = "") =>
        world.Open<RunPage>($"/runs/{run}?{query}", parameters => parameters.Add(page => page.Id, run));

    private static List<AngleSharp.Dom.IElement> Buttons(IRenderedComponent<RunPage> page, string text) =>
        [.. page.FindAll(".page-actions button").Where(button => button.TextContent.Trim() == text)];

    private static SamplesSaved Samples(int step, int nfe) => new()
    {
        Step = step,
        Solver = "euler",
        Nfe = nfe,
        NoiseBank = 1,
        Rows = 6,
        Columns = 6,
        CellWidth = 28,
        CellHeight = 28,
        File = $"samples/{step}-{nfe}.png",
        Sha256 = new string((char)('a' + (step + nfe) % 6), 64),
        Bytes = 10,
    };
}
