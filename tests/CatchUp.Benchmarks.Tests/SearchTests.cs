extern alias tracking;

using tracking::CatchUp.Benchmarks.Tracking;
using tracking::CatchUp.Benchmarks.Tracking.Scenarios;

namespace CatchUp.Benchmarks.Tests;

public sealed class SearchTests
{
    [Fact]
    public async Task Small_sweeps_by_each_method_are_filled_and_measured()
    {
        var options = Options.Read(["search", "--trials", "1000", "--repeats", "3", "--databases", "sqlite"]);
        var rows = new List<string>();
        await foreach (var row in new Search().MeasureAsync(options, TestContext.Current.CancellationToken))
        {
            rows.Add(row.ToString());
        }

        foreach (var method in new[] { "grid", "random", "sobol", "tpe" })
        {
            Assert.Contains(rows, row => row.Contains($"next trial after 990 results, {method}, SQLite", StringComparison.Ordinal));
            Assert.Contains(rows, row => row.Contains($"entries), {method}, SQLite", StringComparison.Ordinal));
        }

        Assert.Equal(27, rows.Count);
        Assert.DoesNotContain(rows, row => row.Contains("NaN", StringComparison.Ordinal));
    }
}
