extern alias tracking;

using CatchUp.Hosting.Bus;
using CatchUp.Tracking.Database;
using tracking::CatchUp.Benchmarks.Tracking;

namespace CatchUp.Benchmarks.Tests;

public sealed class SyntheticRunsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 6, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task Synthetic_runs_are_marked_the_same_each_time_and_of_every_kind(string database)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var options = Options.Read(["--databases", database]);
        var platform = await Platform.StartAsync(options.Databases[0], BusTransport.InMemory, options, cancellation: cancellation);
        await using (platform)
        {
            var first = await SyntheticRuns.WriteAsync(platform.Database, 320, Now, cancellation);
            var again = await SyntheticRuns.WriteAsync(platform.Database, 320, Now, cancellation);
            Assert.Equal(20, await SyntheticRuns.WriteWaitingAsync(platform.Database, 20, Now, cancellation));

            Assert.Equal(320, first.Distinct().Count());
            Assert.Equal(await ValuesAsync(first), await ValuesAsync(again));
            Assert.Equal(["synthetic"], await TextsAsync("SELECT DISTINCT project FROM runs"));
            Assert.Equal(["synthetic"], await TextsAsync("SELECT DISTINCT extractor FROM evaluations"));
            Assert.Equal(["Cancelled", "Completed", "Failed", "Pruned", "Queued"], await TextsAsync("SELECT DISTINCT state FROM runs ORDER BY state"));
            Assert.Equal(["synthetic-1000", "synthetic-500"], await TextsAsync("SELECT DISTINCT fingerprint FROM evaluations ORDER BY fingerprint"));
            Assert.Equal(["baseline", "night"], await TextsAsync("SELECT DISTINCT tag FROM run_tags ORDER BY tag"));
            Assert.NotEmpty(await TextsAsync("SELECT k.path FROM run_values v JOIN configuration_keys k ON k.id = v.key_id WHERE k.path = 'optimizer.learningRate' LIMIT 1"));
            Assert.Equal(["2"], await TextsAsync("SELECT COUNT(*) FROM (SELECT 1 FROM evaluations WHERE value > low AND value < high AND nfe IN (1, 8) GROUP BY nfe) n"));
        }

        Task<List<string>> ValuesAsync(IReadOnlyList<long> runs) => TextsAsync($"SELECT e.value FROM evaluations e WHERE e.run_id BETWEEN {runs[0]} AND {runs[^1]} ORDER BY e.run_id, e.step, e.nfe");

        Task<List<string>> TextsAsync(string sql) => platform.Database.ReadAsync(
            context => Sql.ListAsync(context, sql, row => FormattableString.Invariant($"{row.GetValue(0)}"), cancellation), cancellation);
    }
}
