using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using CatchUp.Dashboard.Startup;
using CatchUp.Tracking.Database;
using Microsoft.Data.Sqlite;

namespace CatchUp.Dashboard.Tests.Startup;

/// <summary>The whole embedded set-up in this process, on a free port and a folder of its own.</summary>
public sealed class DashboardStartTests : IDisposable
{
    private readonly TestHome home = new();

    private DashboardOptions Options => new() { Home = home.Path, Urls = "http://127.0.0.1:0", Trainer = TestHome.Trainer };

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task The_door_opens_to_its_own_pages_only()
    {
        await using var dashboard = await DashboardHost.StartAsync(Options, TestContext.Current.CancellationToken);
        using var client = new HttpClient();

        Assert.Equal(HttpStatusCode.OK, await AskAsync(null, null));
        Assert.Equal(HttpStatusCode.OK, await AskAsync($"localhost:{dashboard.Address.Port}", $"http://localhost:{dashboard.Address.Port}"));
        Assert.Equal(HttpStatusCode.BadRequest, await AskAsync("evil.example", null));
        Assert.Equal(HttpStatusCode.BadRequest, await AskAsync($"evil.example:{dashboard.Address.Port}", null));
        Assert.Equal(HttpStatusCode.BadRequest, await AskAsync("127.0.0.1.evil.example", null));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(null, "http://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(null, "null"));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(null, $"http://127.0.0.1:{dashboard.Address.Port + 1}"));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(null, $"https://127.0.0.1:{dashboard.Address.Port}"));

        async Task<HttpStatusCode> AskAsync(string? host, string? origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(dashboard.Address, "favicon.svg"));
            request.Headers.Host = host;
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin);
            }

            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_websocket_of_another_sites_page_is_refused()
    {
        await using var dashboard = await DashboardHost.StartAsync(Options, TestContext.Current.CancellationToken);
        var circuit = new UriBuilder(dashboard.Address) { Scheme = "ws", Path = "/_blazor" }.Uri;

        using var own = new ClientWebSocket();
        own.Options.SetRequestHeader("Origin", dashboard.Address.GetLeftPart(UriPartial.Authority));
        await own.ConnectAsync(circuit, TestContext.Current.CancellationToken);
        using var foreign = new ClientWebSocket();
        foreign.Options.SetRequestHeader("Origin", "http://evil.example");
        foreign.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => foreign.ConnectAsync(circuit, TestContext.Current.CancellationToken));

        Assert.Equal(WebSocketState.Open, own.State);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.HttpStatusCode);
    }

    [Fact]
    public async Task A_second_start_on_the_same_home_says_where_the_first_one_is()
    {
        await using var first = await DashboardHost.StartAsync(Options, TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<StartupException>(() => DashboardHost.StartAsync(Options, TestContext.Current.CancellationToken));

        Assert.Equal($"CatchUp Platform is already running with the data folder {home.Path} at {first.Address.GetLeftPart(UriPartial.Authority)}. Use that one, or choose another folder with --home.", refused.Message);
    }

    [Fact]
    public async Task A_busy_port_is_named_and_the_home_is_free_again()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var refused = await Assert.ThrowsAsync<StartupException>(() => DashboardHost.StartAsync(Options with { Urls = $"http://127.0.0.1:{port}" }, TestContext.Current.CancellationToken));
        await using var second = await DashboardHost.StartAsync(Options, TestContext.Current.CancellationToken);

        Assert.StartsWith($"Port {port} is in use by another program. Choose another with --urls", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_in_words()
    {
        await using (await DashboardHost.StartAsync(Options, TestContext.Current.CancellationToken))
        {
        }

        await ChangeAsync("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Tomorrow', '99.0')");

        var refused = await Assert.ThrowsAsync<DatabaseTooNewException>(() => DashboardHost.StartAsync(Options, TestContext.Current.CancellationToken));
        Assert.Contains("29990101000000_Tomorrow", StartupProblem.Explain(refused), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_database_locked_by_another_process_is_told_in_words()
    {
        await using (await DashboardHost.StartAsync(Options, TestContext.Current.CancellationToken))
        {
        }

        await using var other = new SqliteConnection($"Data Source={home.Of("catchup.db")};Pooling=False");
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(other, "BEGIN IMMEDIATE");

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => DashboardHost.StartAsync(Options, TestContext.Current.CancellationToken));
        Assert.StartsWith("The database is locked by another process.", StartupProblem.Explain(refused), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_told_in_words()
    {
        await File.WriteAllTextAsync(home.Of("catchup.db"), new string('x', 8192), TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => DashboardHost.StartAsync(Options, TestContext.Current.CancellationToken));

        Assert.StartsWith("The database file is damaged or is no database.", StartupProblem.Explain(refused), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_home_that_cannot_be_made_is_told_in_words()
    {
        await File.WriteAllTextAsync(home.Of("file"), "", TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<StartupException>(() => DashboardHost.StartAsync(Options with { Home = home.Of("file/below") }, TestContext.Current.CancellationToken));

        Assert.StartsWith($"The data folder {home.Of("file/below")} cannot be made:", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_trainer_is_told_before_anything_is_made()
    {
        var refused = await Assert.ThrowsAsync<StartupException>(() => DashboardHost.StartAsync(Options with { Trainer = "/no/trainer" }, TestContext.Current.CancellationToken));

        Assert.StartsWith("The trainer /no/trainer that CATCHUP_TRAINER names is not there.", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(home.Path));
    }

    private async Task ChangeAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={home.Of("catchup.db")};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(connection, sql);
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
