using System.Text.Json.Nodes;

namespace CatchUp.Dashboard.Tests.Api;

public sealed class SearchApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Document = """
        name: search api
        base: { preset: fashion-tiny, data: { dataset: synthetic } }
        space:
          optimizer.learningRate: { logUniform: [1e-4, 1e-2] }
        search: { method: random, trials: 12, stopping: { first: 50 } }
        evaluation: { every: 50 }
        """;

    [Fact]
    public async Task A_search_is_read_extended_narrowed_and_verified()
    {
        var (sweep, runs) = await host.SubmitAsync(Document);
        Assert.Equal(8, runs.Count);

        var search = await host.GetAsync($"/api/v1/sweeps/{sweep}/search");
        Assert.True(search.Status == 200, search.Text);
        Assert.Equal(("random", 12, 8), (search.Json["method"]!.GetValue<string>(), search.Json["trials"]!.GetValue<int>(), search.Json["states"]!["pending"]!.GetValue<int>()));
        var trials = await host.GetAsync($"/api/v1/sweeps/{sweep}/trials?limit=3");
        Assert.Equal((8, 3), (trials.Json["total"]!.GetValue<int>(), trials.Json["items"]!.AsArray().Count));
        Assert.Equal("Drawn at random.", trials.Json["items"]![0]!["reason"]!.GetValue<string>());

        var extended = await host.PostAsync($"/api/v1/sweeps/{sweep}/extend?trials=4");
        Assert.True(extended.Status == 200, extended.Text);
        Assert.Equal(16, (await host.GetAsync($"/api/v1/sweeps/{sweep}")).Json["trials"]!.GetValue<int>());
        var narrowed = await host.PostAsync($"/api/v1/sweeps/{sweep}/narrow", "space: { optimizer.learningRate: { logUniform: [1e-4, 1e-3] } }");
        Assert.True(narrowed.Status == 200, narrowed.Text);

        var ledger = await host.Client.GetAsync(new Uri($"/api/v1/sweeps/{sweep}/ledger", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("application/x-ndjson", ledger.Content.Headers.ContentType!.MediaType);
        var entries = (await ledger.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(Enumerable.Range(1, 10).Select(number => (long)number), entries.Select(entry => entry["number"]!.GetValue<long>()));
        Assert.Equal("narrowed", entries[^1]["kind"]!.GetValue<string>());
        var verified = await host.GetAsync($"/api/v1/sweeps/{sweep}/ledger/verify");
        Assert.Equal((true, 10), (verified.Json["holds"]!.GetValue<bool>(), verified.Json["entries"]!.GetValue<int>()));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_in_words()
    {
        var (sweep, _) = await host.SubmitAsync(Document);
        (await host.PostAsync($"/api/v1/sweeps/{sweep}/extend")).IsProblem(400, "trials", "?trials=16");
        (await host.PostAsync($"/api/v1/sweeps/{sweep}/extend?trials=0")).IsProblem(400, "trials", "");
        Assert.Equal(409, (await host.PostAsync($"/api/v1/sweeps/{sweep}/extend?trials=100000")).Status);
        Assert.Equal(409, (await host.PostAsync($"/api/v1/sweeps/{sweep}/narrow", "space: { optimizer.learningRate: { logUniform: [1e-4, 1] } }")).Status);
        Assert.Equal(400, (await host.PostAsync($"/api/v1/sweeps/{sweep}/narrow", "space: { optimizer.learningRate: { logUniform: [0, 1] } }")).Status);
        Assert.Equal(404, (await host.PostAsync("/api/v1/sweeps/99999/extend?trials=1")).Status);

        // Nothing takes a result by hand.
        Assert.Contains((await host.PostAsync($"/api/v1/sweeps/{sweep}/trials", "{}")).Status, new[] { 404, 405 });
        var (grid, _) = await host.SubmitAsync("name: grid");
        foreach (var path in new[] { "search", "trials", "ledger", "ledger/verify" })
        {
            Assert.Equal(404, (await host.GetAsync($"/api/v1/sweeps/{grid}/{path}")).Status);
        }

        Assert.Equal(409, (await host.PostAsync($"/api/v1/sweeps/{grid}/extend?trials=1")).Status);
    }
}
