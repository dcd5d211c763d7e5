using CatchUp.Benchmarks.Tracking.Servers;

namespace CatchUp.Benchmarks.Tracking;

/// <summary>A server process on a filled database, with a browser beside it.</summary>
internal sealed class FilledProduct : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly PostgreSqlServer? _postgres;
    private readonly RabbitMqServer? _broker;

    private FilledProduct(DirectoryInfo folder, PostgreSqlServer? postgres, RabbitMqServer? broker, string? connection)
        => (_folder, _postgres, _broker, Connection) = (folder, postgres, broker, connection ?? (postgres is null ? null : $"{postgres.Connection};Database=catchup"));

    public DashboardProcess Server { get; private set; } = null!;

    public Chromium Chromium { get; private set; } = null!;

    /// <summary>PostgreSQL's, for whoever writes to it beside the server.</summary>
    public string? Connection { get; }

    public RabbitMqServer? Broker => _broker;

    /// <summary>Fills a database of the product's own, unless the options name a filled one: the embedded set-up on SQLite, a team's server on PostgreSQL.</summary>
    /// <param name="kind">Which of the two.</param>
    /// <param name="options">Size, or what is filled already.</param>
    /// <param name="repository">Where the server was built.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="browsersBehind">They are there for many visitors, and come after the server where both want a processor.</param>
    public static async Task<FilledProduct> StartAsync(DatabaseKind kind, Options options, string repository, CancellationToken cancellation, bool browsersBehind = false)
    {
        var folder = Directory.CreateDirectory(Path.Combine(options.Folder, $"catchup-benchmark-{Guid.NewGuid():N}"));
        var team = kind == DatabaseKind.PostgreSql;
        var filled = team ? options.FilledServer : options.FilledHome;
        var product = new FilledProduct(
            folder, team && filled is null ? await PostgreSqlServer.StartAsync(options.Folder, cancellation) : null, team ? await RabbitMqServer.StartAsync(cancellation) : null, team ? filled : null);
        try
        {
            var home = team || filled is null ? folder.FullName : filled;
            if (filled is null)
            {
                await BulkFill.FillAsync(product.Connection ?? Path.Combine(home, "catchup.db"), options, cancellation);
            }

            product.Server = await DashboardProcess.StartAsync(repository, home, product.Connection, product._broker, cancellation);
            product.Chromium = await Chromium.StartAsync(product.Server, folder, browsersBehind);
            return product;
        }
        catch
        {
            await product.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Chromium is not null)
        {
            await Chromium.DisposeAsync();
        }

        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        Npgsql.NpgsqlConnection.ClearAllPools();
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
