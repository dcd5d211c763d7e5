using System.Net;
using CatchUp.Journeys.Tests.Platform;

namespace CatchUp.Journeys.Tests;

/// <summary>Bad input gets a clear answer, over the API of a running product, and leaves nothing behind.</summary>
public sealed class BadInputJourneys(EmptyPlatform platform) : IClassFixture<EmptyPlatform>
{
    [Fact]
    public async Task A_bad_sweep_file_is_refused_whole_with_the_place_and_the_fix()
    {
        await AssertRefusedAsync("name: [broken", "line", "1");
        await AssertRefusedAsync("name: a\nbase: { preset: fashion-tiny, training: { iteratons: 5 } }\n", "iterations");
        await AssertRefusedAsync("name: a\nbase: { preset: fashion-tiny, training: { iterations: -5 } }\n", "iterations", "1");
        await AssertRefusedAsync("name: a\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: [] }\n", "optimizer.learningRate");
        // 9,091 configurations of 11 seeds are 100,001 runs.
        await AssertRefusedAsync($"name: a\nbase: {{ preset: fashion-tiny }}\nspace: {{ training.iterations: [{string.Join(", ", Enumerable.Range(1, 9091))}] }}\nreplicates: 11\n", "100,001", "100,000");
        await AssertRefusedAsync("name: a\nbase: { preset: fashion-tinny }\n", "fashion-tiny");

        Assert.Empty(await platform.Api.RunsAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/api/v1/runs/banana", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/runs/-1", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/runs/99999999999999999999", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/runs/123456", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/runs/123456/metrics", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/sweeps/123456", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/runs?limit=banana", HttpStatusCode.BadRequest)]
    public async Task A_bad_request_answers_with_problem_details(string path, HttpStatusCode expected)
    {
        var (status, body) = await platform.Api.TryGetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(expected, status);
        Assert.False(string.IsNullOrWhiteSpace(body?["title"]?.GetValue<string>()), $"{path} answered without problem details: {body}");
        Assert.False(string.IsNullOrWhiteSpace(body?["detail"]?.GetValue<string>()), $"{path} answered without a detail: {body}");
    }

    private async Task AssertRefusedAsync(string document, params string[] words)
    {
        var (status, body) = await platform.Api.PostAsync("/api/v1/sweeps", document, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        var text = body!.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        Assert.All(words, word => Assert.Contains(word, text, StringComparison.OrdinalIgnoreCase));
    }
}
