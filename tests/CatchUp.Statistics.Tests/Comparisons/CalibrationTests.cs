using System.Globalization;
using CatchUp.Statistics.Comparisons;

namespace CatchUp.Statistics.Tests.Comparisons;

/// <summary>
/// How often runs of the same configuration are called different, over made runs. The tables of docs/statistics.md: run with
/// <c>-showLiveOutput</c> to see them.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class CalibrationTests(ITestOutputHelper output)
{
    private const int Draws = 4_000;

    /// <summary>Rates of 5 % leave these bounds once in 1,500 tables of this size.</summary>
    private static readonly double Slack = 4 * Math.Sqrt(0.05 * 0.95 / Draws);

    [Fact]
    public void Runs_of_the_same_configuration_are_called_different_at_most_as_often_as_promised()
    {
        Header("runs of A and B", [.. Made.Shapes.Keys]);
        foreach (var (a, b, paired) in new[] { (2, 2, true), (3, 3, true), (4, 4, true), (5, 5, true), (7, 7, true), (10, 10, true), (20, 20, true), (2, 2, false), (3, 3, false), (4, 4, false), (5, 5, false), (7, 7, false), (10, 10, false), (2, 5, false), (2, 10, false), (3, 5, false), (3, 10, false), (5, 10, false) })
        {
            var rates = Made.Shapes.ToDictionary(shape => shape.Key, shape => Rate(random =>
                Comparison.Of(Made.Runs(random, shape.Value, a, paired), Made.Runs(random, shape.Value, b, paired)).Outcome is Outcome.Lower or Outcome.Higher));
            Row(paired ? $"{a} common seeds" : $"{a} and {b}, Welch", rates.Values);
            Assert.All(rates, rate => Assert.True(rate.Value <= 0.05 + Slack, $"{a}, {b}, {rate}"));
            // The paired test of normal values is exact.
            Assert.True(!paired || rates["normal"] >= 0.05 - Slack, $"{a}: {rates["normal"]}");
        }
    }

    /// <summary>What the docs warn of: nothing is asserted but that it is as bad as they say.</summary>
    [Fact]
    public void Thirty_skewed_runs_against_a_few_are_called_different_too_often()
    {
        Header("runs of A and B", [.. Made.Shapes.Keys]);
        foreach (var a in new[] { 3, 5, 10 })
        {
            var rates = Made.Shapes.Values.Select(shape => Rate(random =>
                Comparison.Of(Made.Runs(random, shape, a, seeded: false), Made.Runs(random, shape, 30, seeded: false)).Outcome != Outcome.Tie)).ToList();
            Row($"{a} and 30, Welch", rates);
            Assert.InRange(rates.Max(), 0.05, 0.12);
        }
    }

    [Fact]
    public void A_real_difference_is_found_the_more_often_the_larger_it_is_and_the_more_runs_there_are()
    {
        double[] differences = [0, 0.5, 1, 2, 3, 5];
        Header("normal values; difference in deviations", [.. differences.Select(difference => difference.ToString(CultureInfo.InvariantCulture))]);
        foreach (var (runs, paired) in new[] { (2, true), (3, true), (5, true), (10, true), (3, false), (5, false), (10, false) })
        {
            var rates = differences.Select(difference => Rate(random =>
                Comparison.Of(Made.Runs(random, Made.Normal, runs, paired), Made.Runs(random, values => difference + Made.Normal(values), runs, paired)).Outcome == Outcome.Higher)).ToList();
            Row(paired ? $"{runs} common seeds" : $"{runs} and {runs}, Welch", rates);
            Assert.Equal(rates.Order(), rates);
            Assert.True(runs < 5 || rates[^2] > 0.8, $"{runs}: {rates[^2]}");
        }
    }

    [Fact]
    public void Among_equal_groups_any_is_called_worse_than_the_best_at_most_as_often_as_promised()
    {
        Header("equal groups", [.. Made.Shapes.Keys]);
        foreach (var (groups, runs, seeded) in new[] { (2, 5, true), (3, 5, true), (5, 3, true), (5, 5, true), (10, 5, true), (5, 5, false), (10, 10, false) })
        {
            var rates = Made.Shapes.ToDictionary(shape => shape.Key, shape => Rate(random =>
                Ranking.Of([.. Enumerable.Range(0, groups).Select(group => new Replicates($"{group}", Made.Runs(random, shape.Value, runs, seeded)))], Better.Lower)
                    .Groups.Any(group => group.Standing == Standing.Worse)));
            Row($"{groups} of {runs} {(seeded ? "common seeds" : "runs, Welch")}", rates.Values);
            Assert.All(rates, rate => Assert.True(rate.Value <= 0.05 + Slack, $"{groups}, {runs}, {rate}"));
        }
    }

    [Fact]
    public void The_interval_of_the_probability_of_improvement_covers_a_half_for_equal_groups()
    {
        Header("runs a group", [.. Made.Shapes.Keys]);
        foreach (var runs in new[] { 5, 7, 10, 20 })
        {
            var rates = Made.Shapes.Values.Select(shape => Rate(
                random => ProbabilityOfImprovement.Of(
                    Made.Runs(random, shape, runs, seeded: false).Select(run => run.Value),
                    Made.Runs(random, shape, runs, seeded: false).Select(run => run.Value),
                    Better.Lower,
                    random.Next())!.Interval!.Value.Contains(0.5),
                draws: 400)).ToList();
            Row($"{runs}", rates);
            Assert.All(rates, rate => Assert.InRange(rate, 0.82, 0.99));
        }
    }

    /// <summary>The share of draws, each from its own seed, for which something holds.</summary>
    private static double Rate(Func<Random, bool> holds, int draws = Draws)
    {
        // Generators of neighbouring seeds begin alike.
        var random = new Random(1);
        var seeds = Enumerable.Range(0, draws).Select(_ => random.Next()).ToArray();
        return seeds.AsParallel().Count(seed => holds(new Random(seed))) / (double)draws;
    }

    private void Header(string first, string[] columns)
    {
        output.WriteLine($"| {first} | {string.Join(" | ", columns)} |");
        output.WriteLine($"|---|{string.Concat(columns.Select(_ => "---|"))}");
    }

    private void Row(string first, IEnumerable<double> rates) =>
        output.WriteLine($"| {first} | {string.Join(" | ", rates.Select(rate => string.Create(CultureInfo.InvariantCulture, $"{100 * rate:F1} %")))} |");
}
