using System.Globalization;
using CatchUp.Search.Ledger;

namespace CatchUp.Search.Tests.Methods;

public sealed class SearchComparisonTests(ITestOutputHelper output)
{
    private const int Seeds = 20;

    /// <summary>The table of docs/search.md: run with <c>-showliveoutput</c> to see it.</summary>
    [Fact]
    public void Tpe_has_a_lower_median_regret_than_random_search_after_50_trials()
    {
        output.WriteLine("| function | trials | random | Sobol | TPE |");
        output.WriteLine("|---|---|---|---|---|");
        foreach (var function in TestFunction.All)
        {
            foreach (var trials in new[] { 25, 50, 100 })
            {
                var medians = new[] { SearchMethod.Random, SearchMethod.Sobol, SearchMethod.Tpe }.ToDictionary(method => method, method => function.MedianRegret(method, trials, Seeds));
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {function.Name} | {trials} | {medians[SearchMethod.Random]:G3} | {medians[SearchMethod.Sobol]:G3} | {medians[SearchMethod.Tpe]:G3} |"));
                Assert.True(trials != 50 || medians[SearchMethod.Tpe] < medians[SearchMethod.Random], $"{function.Name}: {medians[SearchMethod.Tpe]} against {medians[SearchMethod.Random]}");
            }
        }
    }
}
