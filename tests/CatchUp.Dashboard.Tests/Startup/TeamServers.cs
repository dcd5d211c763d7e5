using CatchUp.Contracts;
using CatchUp.Dashboard.Startup;
using CatchUp.Hosting.Bus;
using CatchUp.Tests.Support;

namespace CatchUp.Dashboard.Tests.Startup;

/// <summary>A real PostgreSQL and a real RabbitMQ, and servers of this process on them.</summary>
public sealed class TeamServers : IAsyncLifetime
{
    public const string AdminPassword = "a password for tests";

    private readonly TestHome _home = new();
    private PostgreSqlProcess? _database;
    private RabbitMqServer? _broker;

    internal PostgreSqlProcess Database => _database!;

    internal RabbitMqServer Broker => _broker!;

    internal TestHome Home => _home;

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        _database = await PostgreSqlProcess.StartNewAsync(cancellation);
        _broker = await RabbitMqServer.StartNewAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        _home.Dispose();
    }

    /// <summary>What a server of the team is started with; all share one home, as they share a volume.</summary>
    public DashboardOptions Options(string database = "catchup") => new()
    {
        Home = _home.Path,
        Urls = "http://127.0.0.1:0",
        AdminPassword = AdminPassword,
        Team = new TeamOptions
        {
            Database = $"{_database!.Connection(database)};Password={_database.Password};Maximum Pool Size=20",
            Bus = new BusOptions { Transport = BusTransport.RabbitMq, Json = ContractJson.Options, Broker = _broker!.Address, User = _broker.User, Password = _broker.Password },
        },
    };
}
