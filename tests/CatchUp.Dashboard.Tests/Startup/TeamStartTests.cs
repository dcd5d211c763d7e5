using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CatchUp.Dashboard.Live;
using CatchUp.Dashboard.Startup;
using CatchUp.Dashboard.Tests.Access;
using CatchUp.Tracking.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CatchUp.Dashboard.Tests.Startup;

/// <summary>Servers of a team on a real PostgreSQL and a real RabbitMQ.</summary>
[Trait("Speed", "Slow")]
public sealed class TeamStartTests(TeamServers team) : IClassFixture<TeamServers>
{
    private const string Sweep = """
        name: shared
        base:
          preset: fashion-tiny
          data: { dataset: synthetic }
          training: { iterations: 10 }
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sweep_submitted_at_one_server_is_at_the_other_and_its_pages_hear_of_it()
    {
        // Both at once, on a database that neither has made yet.
        var servers = await Task.WhenAll(DashboardHost.StartAsync(team.Options("two_servers"), Cancellation), DashboardHost.StartAsync(team.Options("two_servers"), Cancellation));
        await using var first = servers[0];
        await using var second = servers[1];
        var heard = new TaskCompletionSource<Change>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = second.Services.GetRequiredService<ChangeFeed>().Subscribe(
            change => change.Sweep is not null && heard.TrySetResult(change), _ => Task.CompletedTask, refresh: TimeSpan.FromDays(1));
        using var submitting = await ClientAsync(first);
        using var reading = await ClientAsync(second);

        using var body = new StringContent(Sweep, Encoding.UTF8, "application/yaml");
        var answer = await submitting.PostAsync(new Uri("/api/v1/sweeps", UriKind.Relative), body, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        var sweep = JsonNode.Parse(text)!["id"]!.GetValue<long>();

        Assert.Equal(sweep, (await heard.Task.WaitAsync(Cancellation)).Sweep!.SweepId);
        Assert.Contains("shared", await reading.GetStringAsync(new Uri($"/api/v1/sweeps/{sweep}", UriKind.Relative), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_begun_at_one_server_is_good_at_the_other()
    {
        var servers = await Task.WhenAll(DashboardHost.StartAsync(team.Options("sessions"), Cancellation), DashboardHost.StartAsync(team.Options("sessions"), Cancellation));
        await using var first = servers[0];
        await using var second = servers[1];
        using var browser = new FormBrowser(first.Address);
        await browser.SignInAsync(TeamServers.AdminPassword);

        using var answer = await browser.Client.GetAsync(new Uri(second.Address, "/api/v1/runs"), Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_start_waits_for_broker_and_database_in_words()
    {
        var log = new Words();
        await team.Broker.KillAsync();
        await team.Database.KillAsync();
        var starting = DashboardHost.StartAsync(team.Options("waiting") with { Host = builder => builder.Logging.AddProvider(log) }, Cancellation);
        try
        {
            await log.UntilAsync($"Waiting for PostgreSQL at 127.0.0.1:{team.Database.Port}", Cancellation);
        }
        finally
        {
            await team.Database.StartAsync(Cancellation);
        }

        try
        {
            await log.UntilAsync($"Waiting for RabbitMQ at 127.0.0.1:{team.Broker.Port}", Cancellation);
            Assert.False(starting.IsCompleted);
        }
        finally
        {
            await team.Broker.StartAsync(Cancellation);
        }

        await using var server = await starting;
        using var client = await ClientAsync(server);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_wrong_password_of_the_database_is_told_in_words()
    {
        var options = team.Options();
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => DashboardHost.StartAsync(options with { Team = options.Team! with { Database = team.Database.Connection("catchup") + ";Password=wrong" } }, Cancellation));

        Assert.Contains("POSTGRES_PASSWORD", StartupProblem.Explain(refused), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_home_is_shared_by_servers_and_held_by_the_one_that_trains()
    {
        var options = team.Options("homes");
        await using var plain = await DashboardHost.StartAsync(options, Cancellation);
        await using var training = await DashboardHost.StartAsync(options with { Trainer = TestHome.Trainer, Team = options.Team! with { Worker = true } }, Cancellation);

        var refused = await Assert.ThrowsAsync<StartupException>(() => DashboardHost.StartAsync(options with { Trainer = TestHome.Trainer, Team = options.Team! with { Worker = true } }, Cancellation));
        Assert.Contains("already running with the data folder", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_embedded_home_moves_into_the_teams_database_once()
    {
        using var embedded = new TestHome();
        await using (var before = await DashboardHost.StartAsync(new DashboardOptions { Home = embedded.Path, Urls = "http://127.0.0.1:0", Trainer = TestHome.Trainer, Demo = true }, Cancellation))
        {
            await before.AnnounceAsync(TextWriter.Null);
            var running = await Assert.ThrowsAsync<StartupException>(() => MoveAsync(embedded, "moved"));
            Assert.Contains("already running with the data folder", running.Message, StringComparison.Ordinal);
        }

        var content = Encoding.UTF8.GetBytes("an artifact");
        var name = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
        Directory.CreateDirectory(embedded.Of($"artifacts/{name[..2]}"));
        await File.WriteAllBytesAsync(embedded.Of($"artifacts/{name[..2]}/{name}"), content, Cancellation);

        var said = await MoveAsync(embedded, "moved");
        Assert.Contains("runs: 4 of 4 rows", said, StringComparison.Ordinal);
        Assert.True(File.Exists(team.Home.Of($"artifacts/{name[..2]}/{name}")));
        var refused = await Assert.ThrowsAsync<StartupException>(() => MoveAsync(embedded, "moved"));
        Assert.Contains("is not empty", refused.Message, StringComparison.Ordinal);

        await using var server = await DashboardHost.StartAsync(team.Options("moved"), Cancellation);
        using var client = await ClientAsync(server);
        var runs = JsonNode.Parse(await client.GetStringAsync(new Uri("/api/v1/runs", UriKind.Relative), Cancellation))!;
        Assert.Equal(4, runs["total"]!.GetValue<long>());
    }

    private async Task<string> MoveAsync(TestHome embedded, string database)
    {
        using var console = new StringWriter();
        await DatabaseMove.RunAsync(team.Options(database) with { MigrateFrom = embedded.Of("catchup.db") }, console, Cancellation);
        return console.ToString();
    }

    private static async Task<HttpClient> ClientAsync(DashboardHost server)
    {
        var issued = await server.Services.GetRequiredService<AccountStore>().IssueTokenAsync(AccountStore.Administrator, "test", Cancellation);
        var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", issued!.Value.Secret);
        return client;
    }

    private sealed class Words : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

        public async Task UntilAsync(string beginning, CancellationToken cancellation)
        {
            while (!_lines.Any(line => line.StartsWith(beginning, StringComparison.Ordinal)))
            {
                await Task.Delay(20, cancellation);
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
