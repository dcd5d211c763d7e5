using System.Security.Cryptography;
using System.Text;
using AngleSharp.Html.Parser;
using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Reports;
using CatchUp.Tracking.Runs;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Dashboard.Tests.Api;

public sealed class ReportApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string OneRun = "name: \"<img src=x onerror=alert(1)> & co\"\nbase: { preset: fashion-tiny, data: { dataset: synthetic }, training: { iterations: 300 } }";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_report_is_written_read_changed_and_deleted()
    {
        var made = await PostAsync("/api/v1/reports", new { title = "Orders", text = "# One\r\n\r\n```chart\r\nruns: [1]\r\nmetrik: loss\r\n```\r\n" });
        Assert.True(made.Status == 201, made.Text);
        var id = made.Json["id"]!.GetValue<long>();
        Assert.Equal($"/api/v1/reports/{id}", made.Response.Headers.Location!.ToString());
        Assert.Equal((1, "# One\n\n```chart\nruns: [1]\nmetrik: loss\n```\n"), (made.Json["version"]!.GetValue<int>(), made.Json["text"]!.GetValue<string>()));
        Assert.Equal((5, "metric"), (made.Json["problems"]![0]!["line"]!.GetValue<int>(), made.Json["problems"]![0]!["suggestion"]!.GetValue<string>()));

        var changed = await SendAsync(HttpMethod.Put, $"/api/v1/reports/{id}", new { title = "Orders", text = "two", version = 1 });
        Assert.Equal((200, 2), (changed.Status, changed.Json["version"]!.GetValue<int>()));
        var late = await SendAsync(HttpMethod.Put, $"/api/v1/reports/{id}", new { title = "Orders", text = "three", version = 1 });
        late.IsProblem(409, null, "Someone has saved version 2 meanwhile", "Nothing was stored.");
        Assert.Equal(2, late.Json["version"]!.GetValue<int>());
        Assert.Equal("two", (await host.GetAsync($"/api/v1/reports/{id}")).Json["text"]!.GetValue<string>());
        Assert.Contains((await host.GetAsync("/api/v1/reports?filter=orders")).Json["items"]!.AsArray(), report => report!["id"]!.GetValue<long>() == id);

        Assert.Equal(200, (await SendAsync(HttpMethod.Delete, $"/api/v1/reports/{id}", null)).Status);
        (await host.GetAsync($"/api/v1/reports/{id}")).IsProblem(404, null, $"There is no report {id}.");
        (await SendAsync(HttpMethod.Delete, $"/api/v1/reports/{id}", null)).IsProblem(404, null);
    }

    [Fact]
    public async Task What_cannot_be_read_is_refused_with_the_fix()
    {
        (await host.PostAsync("/api/v1/reports", "{")).IsProblem(400, "body", "The body is a JSON object");
        (await PostAsync("/api/v1/reports", new { text = "x" })).IsProblem(400, null, "A title has 1 to 200 characters");
        (await PostAsync("/api/v1/reports", new { title = "x", text = new string('x', ReportStore.MostCharacters + 1) })).IsProblem(400, null, "200,000 characters at most");
        (await PostAsync("/api/v1/reports", new { title = "x", text = new string('x', 1024 * 1024) })).IsProblem(413, null, "Divide it.");
        (await host.GetAsync("/api/v1/reports?filtre=x")).IsProblem(400, "filtre", "Did you mean filter?");
        var id = (await PostAsync("/api/v1/reports", new { title = "x", text = "```table\nrunss: 1\n```" })).Json["id"]!.GetValue<long>();
        (await SendAsync(HttpMethod.Put, $"/api/v1/reports/{id}", new { title = "x", text = "y" })).IsProblem(400, "version", "version is missing");
        (await host.PostAsync($"/api/v1/reports/{id}/blocks/1/freeze")).IsProblem(400, "version", "version is missing");
        (await host.PostAsync($"/api/v1/reports/{id}/blocks/1/freeze?version=1")).IsProblem(409, null, "Did you mean runs?");
        (await host.PostAsync($"/api/v1/reports/{id}/blocks/2/freeze?version=1")).IsProblem(404, null, "has 1 block, so there is no block 2");
        (await host.GetAsync($"/api/v1/reports/{id}/images/nothing.png")).IsProblem(404, null);
        (await host.GetAsync("/api/v1/reports/999/export")).IsProblem(404, null);
    }

    [Fact]
    public async Task A_frozen_block_outlives_its_run_and_its_bytes_have_its_hash()
    {
        var (run, png) = await RunAsync();
        var text = $"```matrix\nruns: [{run}]\n```\n\n```chart\nruns: [{run}]\nmetric: fid\nover: nfe\n```\n";
        var id = (await PostAsync("/api/v1/reports", new { title = "Kept", text })).Json["id"]!.GetValue<long>();
        var first = await host.PostAsync($"/api/v1/reports/{id}/blocks/1/freeze?version=1");
        Assert.True(first.Status == 200, first.Text);
        (await host.PostAsync($"/api/v1/reports/{id}/blocks/2/freeze?version=1")).IsProblem(409, null, "has saved version 2 meanwhile");
        (await host.PostAsync($"/api/v1/reports/{id}/blocks/1/freeze?version=2")).IsProblem(409, null, "frozen already");
        var second = await host.PostAsync($"/api/v1/reports/{id}/blocks/2/freeze?version=2");
        var hash = second.Json["blocks"]![1]!["frozen"]!.GetValue<string>();

        var (outcome, _) = await host.Services.GetRequiredService<RunStore>().DeleteAsync([run], Cancellation);
        Assert.Equal(CommandResult.Accepted, outcome.Result);

        var data = await host.GetAsync($"/api/v1/reports/{id}/blocks/2/data");
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(data.Bytes)));
        Assert.Equal(12.5, data.Json["evaluations"]![0]!["value"]!.GetValue<double>());
        var picture = await host.GetAsync($"/api/v1/reports/{id}/images/{png}.png");
        Assert.Equal((200, "image/png"), (picture.Status, picture.Type));
        Assert.Equal(png, Convert.ToHexStringLower(SHA256.HashData(picture.Bytes)));
        var export = await host.GetAsync($"/api/v1/reports/{id}/export");
        Assert.Contains($"data:image/png;base64,{Convert.ToBase64String(picture.Bytes)}", export.Text, StringComparison.Ordinal);
        Assert.Contains("is gone.", export.Text, StringComparison.Ordinal);
        Assert.Contains(hash, export.Text, StringComparison.Ordinal);

        var thawed = await host.PostAsync($"/api/v1/reports/{id}/blocks/2/thaw?version=3");
        Assert.Equal(200, thawed.Status);
        Assert.Null(thawed.Json["blocks"]![1]!["frozen"]);
        (await host.PostAsync($"/api/v1/reports/{id}/blocks/2/thaw?version=4")).IsProblem(409, null, "live already");
    }

    [Fact]
    public async Task An_exported_file_holds_no_script_no_style_of_users_and_nothing_from_elsewhere()
    {
        var (run, _) = await RunAsync();
        var text = $$"""
            <script>alert(1)</script> ![x](https://evil.example/a.png) [run](/runs/{{run}}) <svg onload=alert(1)>

            ```chart
            title: "</figcaption><script>alert(2)</script>"
            runs: [{{run}}]
            metric: loss
            ```

            ```chart
            runs: [{{run}}]
            metric: fid
            over: nfe
            ```

            ```matrix
            runs: [{{run}}]
            zoom: 2
            ```

            ```table
            runs: [{{run}}]
            columns: name, fid[nfe=4], note
            ```

            ```table
            runs: [999999]
            ```
            """;
        var id = (await PostAsync("/api/v1/reports", new { title = "</title><script>alert(3)</script>", text })).Json["id"]!.GetValue<long>();

        var answer = await host.GetAsync($"/api/v1/reports/{id}/export");

        Assert.Equal((200, "text/html"), (answer.Status, answer.Type));
        Assert.Equal("attachment", answer.Response.Content.Headers.ContentDisposition!.DispositionType);
        var page = new HtmlParser().ParseDocument(answer.Text);
        Assert.Empty(page.QuerySelectorAll("script, link, iframe, object, embed, form, base"));
        Assert.Single(page.QuerySelectorAll("style"));
        Assert.All(page.QuerySelectorAll("*"), element => Assert.DoesNotContain(element.Attributes, attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal) || attribute.Name == "style"));
        Assert.All(page.QuerySelectorAll("img"), image => Assert.StartsWith("data:image/png;base64,", image.GetAttribute("src"), StringComparison.Ordinal));
        Assert.Single(page.QuerySelectorAll("img"));
        Assert.DoesNotContain("url(", answer.Text, StringComparison.Ordinal);
        Assert.Equal(["block-1", "block-2", "block-3", "block-4", "block-5"], page.QuerySelectorAll("figure").Select(figure => figure.Id));
        Assert.Equal(2, page.QuerySelectorAll("figure svg").Length);
        Assert.Equal(5, page.QuerySelectorAll("figure .hash").Count(hash => hash.TextContent.Contains("Data SHA-256", StringComparison.Ordinal)));
        Assert.Equal($"{host.Client.BaseAddress!.GetLeftPart(UriPartial.Authority)}/runs/{run}", page.QuerySelectorAll("a").First(link => link.TextContent == "run").GetAttribute("href"));
        Assert.Contains("12.5 ± 0.5", page.QuerySelector("#block-4")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("fashion-mnist-cnn-2 · 500 samples", page.QuerySelector("#block-2")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("None of its runs is there.", page.QuerySelector("#block-5")!.TextContent, StringComparison.Ordinal);

        // The policy lets that one style sheet be, and nothing else.
        var policy = page.QuerySelector("meta[http-equiv='Content-Security-Policy']")!.GetAttribute("content")!;
        var style = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page.QuerySelector("style")!.TextContent)));
        Assert.Equal($"default-src 'none'; img-src data:; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'", policy);
    }

    [Fact]
    public async Task A_report_that_is_too_large_for_one_file_says_which_block_makes_it_so()
    {
        var runs = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            runs.Add((await RunAsync(RandomNumberGenerator.GetBytes(6 * 1024 * 1024))).Run);
        }

        var text = $"```table\nruns: [{runs[0]}]\n```\n\n```matrix\nruns: [{string.Join(", ", runs)}]\n```\n";
        var id = (await PostAsync("/api/v1/reports", new { title = "Large", text })).Json["id"]!.GetValue<long>();

        (await host.GetAsync($"/api/v1/reports/{id}/export")).IsProblem(413, null, "larger than 20 MB as one file", $"run {runs[2]}", "fewer runs or NFEs");
    }

    private Task<ApiAnswer> PostAsync(string address, object body) => SendAsync(HttpMethod.Post, address, body);

    private async Task<ApiAnswer> SendAsync(HttpMethod method, string address, object? body)
    {
        using var content = body is null ? null : new StringContent(System.Text.Json.JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative)) { Content = content };
        return await ApiAnswer.ReadAsync(await host.Client.SendAsync(request, Cancellation));
    }

    /// <summary>A run with a point, a picture and a FID, that has ended.</summary>
    private async Task<(long Run, string Picture)> RunAsync(byte[]? picture = null)
    {
        var (_, runs) = await host.SubmitAsync(OneRun);
        var claim = new RequestRun { Worker = "test-worker", Incarnation = Guid.NewGuid(), RequestId = Guid.NewGuid(), Capabilities = new WorkerCapabilities { Datasets = ["synthetic"] } };
        var answer = await host.Services.GetRequiredService<IBus>().CreateRequestClient<RequestRun>().GetResponse<RunAssigned, NothingToDo>(claim, Cancellation);
        Assert.True(answer.Is(out Response<RunAssigned>? assigned));
        Assert.Equal(runs[0], assigned!.Message.RunId);
        var png = picture ?? [0x89, 0x50, 0x4e, 0x47, .. RandomNumberGenerator.GetBytes(60)];
        var file = Path.Combine(host.Folder, Guid.NewGuid().ToString("N"));
        await File.WriteAllBytesAsync(file, png, Cancellation);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(png));
        await host.Services.GetRequiredService<ArtifactDirectory>().StoreAsync(file, sha256, keepsReserve: false, Cancellation);
        List<JournalEntry> journal =
        [
            new AttemptStarted { Parameters = 1 },
            new PointsLogged { Step = 1, Values = new Dictionary<string, double> { ["loss"] = 2.5 } },
            new SamplesSaved { Step = 1, Solver = "euler", Nfe = 4, NoiseBank = 1, Rows = 2, Columns = 2, CellWidth = 8, CellHeight = 8, File = "a.png", Sha256 = sha256, Bytes = png.Length },
            new EvaluationMade
            {
                Step = 1, SnapshotSha256 = new string('a', 64), Solver = "euler", Nfe = 4, Metric = "fid", Value = 12.5, Low = 12, High = 13, Samples = 500, Extractor = "fashion-mnist-cnn-2",
                ExtractorSha256 = new string('e', 64), Reference = "fashion-mnist train", ReferenceSha256 = new string('f', 64), Quantisation = "8 bit", NoiseBank = 1,
            },
            new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 1 },
        ];
        var shipped = await host.Services.GetRequiredService<IBus>().CreateRequestClient<ShipJournal>().GetResponse<JournalStored, AttemptSuperseded>(
            new ShipJournal { RunId = runs[0], Attempt = assigned.Message.Attempt, Entries = [.. journal.Select((entry, index) => entry with { Number = index + 1, At = DateTimeOffset.UnixEpoch })] }, Cancellation);
        Assert.True(shipped.Is(out Response<JournalStored>? _));
        return (runs[0], sha256);
    }
}
