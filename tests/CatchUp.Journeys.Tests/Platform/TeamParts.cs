using System.Net;
using CatchUp.Journeys.Tests.Chaos;
using CatchUp.Tests.Support;

namespace CatchUp.Journeys.Tests.Platform;

/// <summary>What a team's servers stand on: a real PostgreSQL, a real RabbitMQ and a shared folder; and servers as processes of their own.</summary>
internal sealed class TeamParts : IAsyncDisposable
{
    public const string AdminPassword = "a password for journeys";

    private readonly TemporaryFolder _home = new();
    private readonly List<TemporaryFolder> _homes = [];
    private readonly List<PlatformProcess> _servers = [];
    private readonly List<WorkerProcess> _workers = [];

    private TeamParts(PostgreSqlProcess database, RabbitMqServer broker) => (Database, Broker) = (database, broker);

    public PostgreSqlProcess Database { get; }

    public RabbitMqServer Broker { get; }

    /// <summary>Those that were started.</summary>
    public IReadOnlyList<WorkerProcess> Workers => _workers;

    /// <param name="cancellation">The test's.</param>
    /// <param name="prepare">Is given the database before it starts.</param>
    public static async Task<TeamParts> StartAsync(CancellationToken cancellation, Action<PostgreSqlProcess>? prepare = null)
    {
        var database = await PostgreSqlProcess.PrepareAsync(cancellation);
        try
        {
            prepare?.Invoke(database);
            await database.StartAsync(cancellation);
            return new TeamParts(database, await RabbitMqServer.StartNewAsync(cancellation));
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>The environment of a part of the team.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["CATCHUP_DATABASE"] = Database.Connection("catchup"),
        ["POSTGRES_PASSWORD"] = Database.Password,
        ["CATCHUP_BROKER"] = Broker.Address.GetLeftPart(UriPartial.Authority),
        ["CATCHUP_BROKER_USER"] = Broker.User,
        ["RABBITMQ_PASSWORD"] = Broker.Password,
        ["CATCHUP_ADMIN_PASSWORD"] = AdminPassword,
    };

    /// <summary>A server that is not started yet.</summary>
    public PlatformProcess Server()
    {
        var server = new PlatformProcess(_home.Path);
        foreach (var (name, value) in Environment)
        {
            server.Environment[name] = value;
        }

        _servers.Add(server);
        return server;
    }

    /// <summary>A token made as an administrator makes one without a browser.</summary>
    public async Task<string> TokenAsync(string name, CancellationToken cancellation)
    {
        var maker = Server();
        Assert.True(await maker.RunToEndAsync(cancellation, "--new-token", name) == 0, maker.Output);
        return maker.Output.Trim();
    }

    /// <summary>A worker with a token of its own, started.</summary>
    /// <param name="server">A server that runs, and takes commands.</param>
    /// <param name="name">The worker's.</param>
    /// <param name="cancellation">The test's.</param>
    /// <param name="home">Its disk; null: a folder of its own.</param>
    /// <param name="clock">Its machine's clock; null: this machine's.</param>
    public async Task<WorkerProcess> WorkerAsync(PlatformProcess server, string name, CancellationToken cancellation, string? home = null, FakeClock? clock = null)
    {
        var (status, token) = await server.Api.PostAsync("/api/v1/workers/tokens", $$"""{ "name": "{{name}}" }""", cancellation);
        Assert.True(status == HttpStatusCode.Created, $"No token for {name}: {token}");
        if (home is null)
        {
            _homes.Add(new TemporaryFolder());
            home = _homes[^1].Path;
        }

        var worker = new WorkerProcess(name, home, clock)
        {
            Environment =
            {
                ["CATCHUP_SERVER"] = server.Address.ToString(),
                ["CATCHUP_WORKER_TOKEN"] = token!["token"]!.GetValue<string>(),
                ["CATCHUP_BROKER"] = Environment["CATCHUP_BROKER"],
                ["CATCHUP_BROKER_USER"] = Broker.User,
                ["RABBITMQ_PASSWORD"] = Broker.Password,
            },
        };
        _workers.Add(worker);
        worker.Launch();
        return worker;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }

        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        await Broker.DisposeAsync();
        await Database.DisposeAsync();
        _home.Dispose();
        _homes.ForEach(home => home.Dispose());
    }
}
