using CatchUp.Statistics.Importance;
using CsCheck;

namespace CatchUp.Statistics.Tests.Importance;

public sealed class DifferenceExplanationTests
{
    [Fact]
    public void Each_key_has_its_part_of_an_additive_difference()
    {
        var runs = Additive(400, keys: 4);
        var (from, to) = (Run(0.1, 0.9, 0.5, 0.2), Run(0.9, 0.2, 0.5, 0.8));

        var explanation = DifferenceExplanation.Of([.. runs, from, to], [400, 401], seed: 0, TestContext.Current.CancellationToken);

        var difference = Assert.Single(explanation.Differences);
        Assert.Equal((400, 401), (difference.From, difference.To));
        Assert.Equal(to.Value - from.Value, difference.Observed);
        Assert.Equal(["x1", "x2", "x4"], difference.Contributions.Select(key => key.Key));
        Assert.Equal(["x1", "x2", "x4"], explanation.Keys.Select(key => key.Key));
        // 10 x1 + 5 x2: +8 and −3.5.
        Assert.InRange(difference.Contributions[0].Contribution, 7, 8.5);
        Assert.InRange(difference.Contributions[1].Contribution, -4, -2.5);
        Assert.InRange(difference.Contributions[2].Contribution, -0.3, 0.3);
        Assert.Equal((0.1, 0.9), (difference.Contributions[0].From.Number, difference.Contributions[0].To.Number));
        Assert.Equal(difference.Observed, difference.Predicted + difference.Residual, 1e-12);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(12)]
    public void Contributions_sum_to_the_predicted_difference_and_turn_with_it(int keys)
    {
        var runs = Additive(150, keys);
        var fitted = FittedRuns.Of(runs, 3, TestContext.Current.CancellationToken).Forest!;
        Gen.Select(Gen.Int[0, 149], Gen.Int[0, 149]).Sample((from, to) =>
        {
            var explanation = DifferenceExplanation.Of(runs, [from, to], seed: 3, TestContext.Current.CancellationToken);
            var predicted = fitted.Predict(fitted.Levels(to)) - fitted.Predict(fitted.Levels(from));
            Assert.Equal(predicted, explanation.Differences[0].Predicted, 1e-9);
            Assert.Equal(from == to ? 0 : keys, explanation.Keys.Count);

            var back = DifferenceExplanation.Of(runs, [to, from], seed: 3, TestContext.Current.CancellationToken).Differences[0].Contributions.ToDictionary(key => key.Key, key => key.Contribution);
            Assert.All(explanation.Differences[0].Contributions, key => Assert.Equal(-key.Contribution, back[key.Key], 1e-9));
        }, iter: 5);
    }

    /// <summary>The definition: the mean over all orders in which the keys may change.</summary>
    [Fact]
    public void Few_keys_are_averaged_over_all_orders()
    {
        var runs = MadeRuns.Draw(200, 1, random => MadeRuns.Uniform(random, 4), (c, _) => (4 * c.Number("x1") * c.Number("x2")) + c.Number("x3"));
        var forest = FittedRuns.Of(runs, 0, TestContext.Current.CancellationToken).Forest!;
        var sums = new double[4];
        int[][] orders = [.. from a in Four from b in Four from c in Four from d in Four let order = new[] { a, b, c, d } where order.Distinct().Count() == 4 select order];
        foreach (var order in orders)
        {
            var levels = (byte[])forest.Levels(5).Clone();
            foreach (var key in order)
            {
                var before = forest.Predict(levels);
                levels[key] = forest.Levels(6)[key];
                sums[key] += forest.Predict(levels) - before;
            }
        }

        Assert.Equal(24, orders.Length);
        foreach (var key in DifferenceExplanation.Of(runs, [5, 6], seed: 0, TestContext.Current.CancellationToken).Differences[0].Contributions)
        {
            Assert.Equal(sums[key.Key[1] - '1'] / 24, key.Contribution, 1e-9);
        }
    }

    [Fact]
    public void Of_several_runs_each_is_compared_with_the_first()
    {
        var runs = Additive(100, keys: 3);

        var explanation = DifferenceExplanation.Of(runs, [4, 8, 2], seed: 0, TestContext.Current.CancellationToken);

        Assert.Equal([(4, 8), (4, 2)], explanation.Differences.Select(difference => (difference.From, difference.To)));
        foreach (var key in explanation.Keys)
        {
            Assert.Equal(explanation.Differences.Average(difference => Math.Abs(difference.Contributions.Single(one => one.Key == key.Key).Contribution)), key.Amount, 1e-12);
        }

        Assert.Equal(explanation.Keys.OrderByDescending(key => key.Amount), explanation.Keys);
    }

    [Fact]
    public void A_run_that_diverged_is_passed_over_and_never_explained()
    {
        var runs = Additive(60, keys: 3);
        Observation[] all = [new(runs[0].Configuration, double.NaN), .. runs];

        Assert.Equal(
            DifferenceExplanation.Of(runs, [0, 1], seed: 0, TestContext.Current.CancellationToken).Differences[0].Contributions,
            DifferenceExplanation.Of(all, [1, 2], seed: 0, TestContext.Current.CancellationToken).Differences[0].Contributions);
        Assert.Equal("A chosen run has no finite value, so there is no difference to explain.", DifferenceExplanation.Of(all, [0, 1], seed: 0, TestContext.Current.CancellationToken).NotEnough);
    }

    [Fact]
    public void Too_few_runs_tell_nothing_but_the_only_key_that_differs()
    {
        Observation[] runs = [Run(0, 0), Run(1, 0), Run(1, 1)];

        var one = DifferenceExplanation.Of(runs, [0, 1], seed: 0, TestContext.Current.CancellationToken);
        Assert.Empty(one.Keys);
        Assert.Equal("Not enough runs to tell: 3 different configurations have a finite value, and at least 10 are needed. The chosen runs differ in x1 alone, so the difference is due to it or to chance.", one.NotEnough);
        Assert.EndsWith("at least 10 are needed.", DifferenceExplanation.Of(runs, [0, 2], seed: 0, TestContext.Current.CancellationToken).NotEnough, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => DifferenceExplanation.Of(runs, [0], seed: 0, TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(() => DifferenceExplanation.Of(runs, [0, 3], seed: 0, TestContext.Current.CancellationToken));
    }

    private static readonly int[] Four = [0, 1, 2, 3];

    private static Observation[] Additive(int runs, int keys) => MadeRuns.Draw(runs, 9, random => MadeRuns.Uniform(random, keys), (c, _) => (10 * c.Number("x1")) + (5 * c.Number("x2")));

    private static Observation Run(params double[] values) => new(values.Select((value, index) => ($"x{index + 1}", new FeatureValue(value))).ToDictionary(), (10 * values[0]) + (5 * values[1]));
}
