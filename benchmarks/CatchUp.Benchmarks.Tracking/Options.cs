using System.Globalization;
using CatchUp.Hosting.Bus;

namespace CatchUp.Benchmarks.Tracking;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    public const string Usage = """
        dotnet run --project benchmarks/CatchUp.Benchmarks.Tracking -- [SCENARIO …] [options]

          --seconds 60                how long a load is kept up
          --databases sqlite,postgresql
          --buses rabbitmq,memory     what journals travel over
          --runs 200                  runs that a filled database has
          --points 1000000            points that it has; for grow the most
          --trials 100000             trials of a searching sweep
          --repeats 200               timed repetitions of a question
          --visits 10                 times a page is opened, and half the times it is asked something
          --filled DATABASE           one filled before, instead of filling one: a data folder, or PostgreSQL's connection string ("Host=…"); once for each
          --folder DIRECTORY          where databases are made; the system's temporary folder when not given
          --write docs/performance.md puts the tables into the document's sections, instead of only printing them

        dotnet run --project benchmarks/CatchUp.Benchmarks.Tracking -- fill DATABASE --runs R --points P

          fills a migrated, empty database with synthetic runs: a SQLite file, or a PostgreSQL connection string ("Host=…")

        Scenarios, all when none is named:
        """;

    public IReadOnlyList<string> Words { get; private init; } = [];

    public int Seconds { get; init; } = 60;

    public IReadOnlyList<DatabaseKind> Databases { get; private init; } = [DatabaseKind.Sqlite, DatabaseKind.PostgreSql];

    public IReadOnlyList<BusTransport> Buses { get; private init; } = [BusTransport.RabbitMq, BusTransport.InMemory];

    public int Runs { get; private init; } = 200;

    public long Points { get; private init; } = 1_000_000;

    public int Trials { get; private init; } = 100_000;

    public int Repeats { get; private init; } = 200;

    public int Visits { get; private init; } = 10;

    public string? FilledHome { get; private init; }

    public string? FilledServer { get; private init; }

    public string Folder { get; private init; } = Path.GetTempPath();

    public string? Document { get; private init; }

    /// <exception cref="BenchmarkException">Something is not understood.</exception>
    public static Options Read(IReadOnlyList<string> arguments)
    {
        var options = new Options();
        var words = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                words.Add(argument);
                continue;
            }

            var value = ++i < arguments.Count ? arguments[i] : throw new BenchmarkException($"{argument} needs a value.");
            options = argument switch
            {
                "--seconds" => options with { Seconds = (int)Number(argument, value, 86_400) },
                "--databases" => options with { Databases = [.. value.Split(',').Select(Database)] },
                "--buses" => options with { Buses = [.. value.Split(',').Select(Bus)] },
                "--runs" => options with { Runs = (int)Number(argument, value, 1_000_000) },
                "--points" => options with { Points = Number(argument, value, 10_000_000_000) },
                "--trials" => options with { Trials = (int)Number(argument, value, 100_000) },
                "--repeats" => options with { Repeats = (int)Number(argument, value, 1_000_000) },
                "--visits" => options with { Visits = (int)Number(argument, value, 1000) },
                "--filled" when value.StartsWith("Host=", StringComparison.OrdinalIgnoreCase) => options with { FilledServer = value },
                "--filled" => options with { FilledHome = Path.GetFullPath(value) },
                "--folder" => options with { Folder = Path.GetFullPath(value) },
                "--write" => options with { Document = Path.GetFullPath(value) },
                _ => throw new BenchmarkException($"Unknown option {argument}."),
            };
        }

        return options with { Words = words };
    }

    private static DatabaseKind Database(string text) => text switch
    {
        "sqlite" => DatabaseKind.Sqlite,
        "postgresql" => DatabaseKind.PostgreSql,
        _ => throw new BenchmarkException($"There is no database '{text}'; known are sqlite and postgresql."),
    };

    private static BusTransport Bus(string text) => text switch
    {
        "memory" => BusTransport.InMemory,
        "rabbitmq" => BusTransport.RabbitMq,
        _ => throw new BenchmarkException($"There is no bus '{text}'; known are rabbitmq and memory."),
    };

    private static long Number(string name, string value, long most) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most
        ? number
        : throw new BenchmarkException(string.Create(CultureInfo.InvariantCulture, $"{name} is '{value}'; it must be a whole number from 1 to {most}."));
}
