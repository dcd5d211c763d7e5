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

    /// <summary>Our densities are joint and theirs are not; neither may be worse by more than chance explains.</summary>
    [Theory]
    [InlineData("Branin")]
    [InlineData("Hartmann-6")]
    [InlineData("noisy sphere")]
    public void Tpe_is_at_most_a_tenth_behind_the_usual_estimator_derived_again(string name)
    {
        var function = TestFunction.All.Single(function => function.Name == name);
        var ours = function.MedianRegret(SearchMethod.Tpe, 50, 2 * Seeds);
        var usual = TestFunction.Median([.. Enumerable.Range(0, 2 * Seeds).AsParallel().Select(seed => RederivedTpe.Regret(function, seed, 50))]);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} after 50 trials: {ours:G3}, the usual estimator {usual:G3}"));
        Assert.True(ours <= 1.1 * usual, $"{ours} against {usual}");
    }
}
