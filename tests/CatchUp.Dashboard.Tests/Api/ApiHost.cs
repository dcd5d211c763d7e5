using System.Net.Http.Headers;
using System.Text;
using CatchUp.Dashboard.Startup;
using CatchUp.Worker;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace CatchUp.Dashboard.Tests.Api;

/// <summary>The embedded set-up in this process, on a free port and a folder of its own, but without its worker: the tests are the worker.</summary>
public sealed class ApiHost : IAsyncLifetime
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("catchup-api-");

    private DashboardHost? _dashboard;

    public HttpClient Client { get; } = new();

    public IServiceProvider Services => _dashboard!.Services;

    public string Folder => _home.FullName;

    public async ValueTask InitializeAsync()
    {
        _dashboard = await DashboardHost.StartAsync(new DashboardOptions
        {
            Home = Path.Combine(_home.FullName, "home"),
            Urls = "http://127.0.0.1:0",
            Trainer = typeof(ApiHost).Assembly.Location,
            Host = WithoutWorker,
        });
        Client.BaseAddress = _dashboard.Address;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_dashboard is not null)
        {
            await _dashboard.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _home.Delete(recursive: true);
    }

    public async Task<ApiAnswer> GetAsync(string address) => await ApiAnswer.ReadAsync(await Client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken));

    public async Task<ApiAnswer> PostAsync(string address, string body = "", string type = "application/yaml", string? key = null)
    {
        using var content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type));
        return await SendAsync(address, content, key);
    }

    public async Task<ApiAnswer> SendAsync(string address, HttpContent content, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, UriKind.Relative)) { Content = content };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await ApiAnswer.ReadAsync(await Client.SendAsync(request, TestContext.Current.CancellationToken));
    }

    private static void WithoutWorker(WebApplicationBuilder builder)
    {
        var worker = builder.Services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Assembly == typeof(WorkerOptions).Assembly).ToList();
        Assert.NotEmpty(worker);
        worker.ForEach(service => builder.Services.Remove(service));
    }

    /// <summary>Submits a sweep and gives its runs, oldest first.</summary>
    public async Task<(long Sweep, IReadOnlyList<long> Runs)> SubmitAsync(string document)
    {
        var answer = await PostAsync("/api/v1/sweeps", document);
        Assert.True(answer.Status == 201, answer.Text);
        var sweep = answer.Json["id"]!.GetValue<long>();
        var runs = await GetAsync($"/api/v1/runs?filter=sweep:{sweep}&sort=created&limit=1000");
        return (sweep, [.. runs.Json["items"]!.AsArray().Select(run => run!["id"]!.GetValue<long>())]);
    }
}
