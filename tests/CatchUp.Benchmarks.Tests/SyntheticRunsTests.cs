extern alias tracking;

using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using tracking::CatchUp.Benchmarks.Tracking;
using tracking::CatchUp.Benchmarks.Tracking.Servers;

namespace CatchUp.Benchmarks.Tests;

public sealed class SyntheticRunsTests
{
    // How much there is that could be taken for a result.
    private static readonly string[] Unmarked =
    [
        "SELECT COUNT(*) FROM runs WHERE project <> 'synthetic'",
        "SELECT COUNT(*) FROM runs WHERE dataset <> 'synthetic'",
        "SELECT COUNT(*) FROM sweeps WHERE name NOT LIKE 'Synthetic %' OR owner <> 'synthetic'",
        "SELECT COUNT(*) FROM evaluations WHERE extractor <> 'synthetic' OR reference <> 'synthetic' OR fingerprint NOT LIKE 'synthetic-%'",
        "SELECT COUNT(*) FROM attempts WHERE worker <> 'synthetic'",
    ];

    private static readonly string[] Counts =
    [
        "SELECT COUNT(*) FROM runs", "SELECT COUNT(*) FROM sweeps", "SELECT COUNT(*) FROM runs WHERE state = 'Queued'", "SELECT COUNT(*) FROM points", "SELECT COUNT(DISTINCT metric_id) FROM points",
        "SELECT COUNT(DISTINCT fingerprint) FROM evaluations", "SELECT COUNT(DISTINCT state) FROM runs", "SELECT COUNT(*) FROM runs WHERE best_value IS NULL AND state = 'Completed'",
    ];

    [Fact]
    public async Task The_same_runs_are_made_on_both_databases_and_marked_as_synthetic()
    {
        var folder = Directory.CreateTempSubdirectory("catchup-synthetic-");
        try
        {
            var file = Path.Combine(folder.FullName, "catchup.db");
            var sqlite = await FillAsync(file, new SqliteConnection($"Data Source={file};Pooling=false"));
            Assert.Equal([210, 3, 10, 8_000, 20, 2, 5, 0], sqlite.Counts);
            Assert.All(sqlite.Unmarked, unmarked => Assert.Equal(0, unmarked));
            Assert.Equal(2000, sqlite.Rows.Count);

            Assert.SkipWhen(!Directory.Exists("/usr/lib/postgresql"), "PostgreSQL is not installed: apt-get install postgresql.");
            var server = await PostgreSqlServer.StartAsync(Path.GetTempPath(), TestContext.Current.CancellationToken);
            await using (server)
            {
                var connection = $"{server.Connection};Database=catchup";
                var postgres = await FillAsync(connection, new NpgsqlConnection(connection));
                NpgsqlConnection.ClearAllPools();
                Assert.Equal(sqlite.Counts, postgres.Counts);
                Assert.Equal(sqlite.Unmarked, postgres.Unmarked);
                Assert.Equal(sqlite.Rows, postgres.Rows);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(IReadOnlyList<long> Counts, IReadOnlyList<long> Unmarked, IReadOnlyList<string> Rows)> FillAsync(string target, DbConnection connection)
    {
        await BulkFill.FillAsync(target, Options.Read(["--runs", "200", "--points", "8000"]), TestContext.Current.CancellationToken);
        await using (connection)
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            var (counts, unmarked) = (new List<long>(), new List<long>());
            foreach (var question in Counts)
            {
                counts.Add(long.Parse((await AskAsync(connection, question))[0], CultureInfo.InvariantCulture));
            }

            foreach (var question in Unmarked)
            {
                unmarked.Add(long.Parse((await AskAsync(connection, question))[0], CultureInfo.InvariantCulture));
            }

            return (counts, unmarked, await AskAsync(
                connection,
                """
                SELECT r.name, r.state, e.step, e.nfe, e.value, p.value FROM runs r JOIN evaluations e ON e.run_id = r.id JOIN points p ON p.run_id = r.id AND p.step = 1
                ORDER BY r.id, e.step, e.nfe, p.metric_id LIMIT 2000
                """));
        }
    }

    private static async Task<List<string>> AskAsync(DbConnection connection, string question)
    {
        var rows = new List<string>();
        var command = connection.CreateCommand();
        await using (command)
        {
            command.CommandText = question;
            var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            await using (reader)
            {
                while (await reader.ReadAsync(TestContext.Current.CancellationToken))
                {
                    rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(column => Word(reader.GetValue(column)))));
                }
            }
        }

        return rows;
    }

    // The databases' own arithmetic differs in the last digit.
    private static string Word(object value) => value is double number ? number.ToString("G12", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
