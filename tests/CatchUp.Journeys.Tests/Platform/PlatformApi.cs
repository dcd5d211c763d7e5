using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace CatchUp.Journeys.Tests.Platform;

/// <summary>The HTTP API as a script of a user would call it.</summary>
internal sealed class PlatformApi(Uri address) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Shows this token from now on, where people are asked to sign in.</summary>
    public void UseToken(string token) => _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

    public async Task<JsonNode> GetAsync(string path, CancellationToken cancellation)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative), cancellation);
        var body = await answer.Content.ReadAsStringAsync(cancellation);
        Assert.True(answer.IsSuccessStatusCode, $"GET {path} answered {(int)answer.StatusCode}: {body}");
        return JsonNode.Parse(body)!;
    }

    public async Task<(HttpStatusCode Status, JsonNode? Body)> TryGetAsync(string path, CancellationToken cancellation)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative), cancellation);
        return (answer.StatusCode, Parse(await answer.Content.ReadAsStringAsync(cancellation)));
    }

    public async Task<(HttpStatusCode Status, JsonNode? Body)> PostAsync(string path, string body, CancellationToken cancellation)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/yaml");
        using var answer = await _client.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
        return (answer.StatusCode, Parse(await answer.Content.ReadAsStringAsync(cancellation)));
    }

    /// <summary>Submits a sweep file that must be accepted.</summary>
    public async Task<long> SubmitAsync(string document, CancellationToken cancellation)
    {
        var (status, body) = await PostAsync("/api/v1/sweeps", document, cancellation);
        Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted, $"The sweep was answered {(int)status}: {body}");
        return body!["id"]!.GetValue<long>();
    }

    public async Task<IReadOnlyList<JsonNode>> RunsAsync(CancellationToken cancellation)
    {
        var page = await GetAsync("/api/v1/runs?limit=1000", cancellation);
        return [.. page["items"]!.AsArray().Select(item => item!).OrderBy(item => item["id"]!.GetValue<long>())];
    }

    /// <summary>Waits until every run has ended, and returns them.</summary>
    public async Task<IReadOnlyList<JsonNode>> WaitForEndAsync(TimeSpan limit, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(limit);
        IReadOnlyList<JsonNode> runs = [];
        try
        {
            while (true)
            {
                runs = await RunsAsync(patience.Token);
                if (runs.Count > 0 && runs.All(run => run["state"]!.GetValue<string>() is not ("queued" or "running")))
                {
                    return runs;
                }

                await Task.Delay(500, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The runs did not end within {limit}: {string.Join(", ", runs.Select(run => $"{run["name"]} is {run["state"]} at step {run["step"]}"))}");
        }
    }

    /// <summary>Every point of a run's training metrics, exactly as stored, but for those that measure time.</summary>
    public async Task<SortedDictionary<string, string>> PointsAsync(long run, CancellationToken cancellation)
    {
        var points = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var answer = await GetAsync($"/api/v1/runs/{run.ToString(CultureInfo.InvariantCulture)}/metrics?buckets=2000", cancellation);
        foreach (var metric in answer["items"]!.AsArray())
        {
            var name = metric!["name"]!.GetValue<string>();
            if (name.StartsWith("system/", StringComparison.Ordinal) || name.StartsWith("throughput/", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (var bucket in metric["buckets"]!.AsArray())
            {
                var step = bucket!["step"]!.GetValue<long>();
                Assert.Equal(1, bucket["count"]!.GetValue<long>());
                Assert.True(points.TryAdd($"{name} {step:D6}", bucket["last"]?.ToJsonString() ?? "not finite"), $"{name} has two points at step {step}.");
            }
        }

        return points;
    }

    /// <summary>Every evaluation of a run, but for the seconds it took.</summary>
    public async Task<SortedDictionary<string, string>> EvaluationsAsync(long run, CancellationToken cancellation)
    {
        var evaluations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var answer = await GetAsync($"/api/v1/runs/{run.ToString(CultureInfo.InvariantCulture)}/evaluations", cancellation);
        foreach (var evaluation in answer["items"]!.AsArray())
        {
            var identity = $"{evaluation!["metric"]} {evaluation["step"]} {evaluation["solver"]} {evaluation["nfe"]} {evaluation["head"]}";
            Assert.True(evaluations.TryAdd(identity, $"{evaluation["value"]!.ToJsonString()} {evaluation["low"]?.ToJsonString()} {evaluation["high"]?.ToJsonString()}"), $"{identity} is there twice.");
        }

        return evaluations;
    }

    public void Dispose() => _client.Dispose();

    private static JsonNode? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (System.Text.Json.JsonException)
        {
            return JsonValue.Create(body);
        }
    }
}
