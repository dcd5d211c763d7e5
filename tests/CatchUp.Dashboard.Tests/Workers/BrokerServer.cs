using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using CatchUp.Contracts;
using CatchUp.Contracts.Artifacts;
using CatchUp.Dashboard.Access;
using CatchUp.Dashboard.Api;
using CatchUp.Hosting.Bus;
using CatchUp.Migrations.Sqlite;
using CatchUp.Tests.Support;
using CatchUp.Tracking;
using CatchUp.Tracking.Database;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CatchUp.Dashboard.Tests.Workers;

/// <summary>What a worker on another machine sees of a server: its HTTP API, and its consumers behind a real broker.</summary>
internal sealed class BrokerServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private BrokerServer(WebApplication app, Uri address)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = address };
    }

    public HttpClient Client { get; }

    public ArtifactDirectory Artifacts => _app.Services.GetRequiredService<ArtifactDirectory>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<BrokerServer> StartAsync(string folder, int port, RabbitMqServer broker)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address.ToString());
        builder.Services.AddSingleton(new ArtifactDirectory(Path.Combine(folder, "artifacts")));
        builder.Services.AddSqliteDatabase(Path.Combine(folder, "catchup.db"));
        builder.Services.AddBus(
            new BusOptions { Transport = BusTransport.RabbitMq, Json = ContractJson.Options, Broker = broker.Address, User = broker.User, Password = broker.Password }, bus => bus.AddTrackingConsumers());
        builder.Services.AddTracking();
        builder.Services.AddAccess(new AccessOptions(), Path.Combine(folder, "keys"));
        builder.Services.AddApi();
        var app = builder.Build();
        app.UseAccess();
        app.MapApi();
        await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(Cancellation);
        await app.StartAsync(Cancellation);
        return new BrokerServer(app, address);
    }

    public async Task<JsonNode> GetAsync(string address) => (await Client.GetFromJsonAsync<JsonNode>(new Uri("/api/v1/" + address, UriKind.Relative), Cancellation))!;

    public async Task<JsonNode> PostAsync(string address, string body = "", string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var answer = await Client.PostAsync(new Uri("/api/v1/" + address, UriKind.Relative), content, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Submits one run, and gives its id.</summary>
    public async Task<long> SubmitAsync()
    {
        var sweep = await PostAsync("sweeps", "name: remote\nbase:\n  preset: fashion-tiny\n  data: { dataset: synthetic }\n  training: { iterations: 10 }\n", "application/yaml");
        return (await GetAsync($"runs?filter=sweep:{sweep["id"]}"))["items"]![0]!["id"]!.GetValue<long>();
    }

    public async Task<string> StateAsync(long run) => (await GetAsync($"runs/{run.ToString(CultureInfo.InvariantCulture)}"))["state"]!.GetValue<string>();

    public async Task<JsonNode?> WorkerAsync(string name) => (await GetAsync("workers"))["items"]!.AsArray().FirstOrDefault(worker => worker!["name"]!.GetValue<string>() == name);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }
}
