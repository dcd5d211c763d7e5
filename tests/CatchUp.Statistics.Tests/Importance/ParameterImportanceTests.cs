using CatchUp.Statistics.Importance;
using CsCheck;

namespace CatchUp.Statistics.Tests.Importance;

public sealed class ParameterImportanceTests(ITestOutputHelper output)
{
    [Fact]
    public void Shares_of_an_additive_function_are_its_variances()
    {
        // 3 x1 + 2 x2 + an effect of −0.6, 0 or 0.6: variances 9/12, 4/12 and 0.24. x3 … x12 do nothing.
        var variances = new Dictionary<string, double> { ["x1"] = 9 / 12.0, ["x2"] = 4 / 12.0, ["kind"] = 0.24 };
        var runs = MadeRuns.Draw(1_000, 1, random =>
        {
            var configuration = MadeRuns.Uniform(random, 12);
            configuration["kind"] = new(random.Next(3) switch { 0 => "b", 1 => "a", _ => "c" });
            return configuration;
        }, (c, _) => (3 * c.Number("x1")) + (2 * c.Number("x2")) + (c["kind"].Text switch { "a" => 0, "b" => -0.6, _ => 0.6 }));

        var importance = ParameterImportance.Of(runs, seed: 0, TestContext.Current.CancellationToken);

        Print(importance);
        Assert.Equal(["x1", "x2", "kind"], importance.Keys.Take(3).Select(key => key.Key));
        foreach (var key in importance.Keys)
        {
            var expected = variances.GetValueOrDefault(key.Key) / variances.Values.Sum();
            Assert.InRange(key.Share, expected - 0.03, expected + 0.03);
            Assert.InRange(key.Permutation, expected == 0 ? -0.01 : expected, expected == 0 ? 0.01 : 2.5 * expected);
        }

        Assert.InRange(importance.OutOfBagR2!.Value, 0.93, 1);
        Assert.InRange(importance.Interactions, 0, 0.05);
    }

    [Fact]
    public void A_key_s_predictions_follow_its_effect_and_say_how_far_trees_agree()
    {
        // 3 x1 has the mean 1.5; the kinds lie about it: 0.5 for a, 2.5 for b, and 1.5 for c and for none.
        var runs = MadeRuns.Draw(1_500, 7, random =>
        {
            var configuration = MadeRuns.Uniform(random, 3);
            configuration["kind"] = random.Next(4) switch { 0 => new("a"), 1 => new("b"), 2 => new("c"), _ => default };
            return configuration;
        }, (c, _) => (3 * c.Number("x1")) + (c["kind"].Text switch { "a" => -1, "b" => 1, _ => 0 }));

        var importance = ParameterImportance.Of(runs, seed: 0, TestContext.Current.CancellationToken);

        var x1 = importance.Keys.Single(key => key.Key == "x1").Marginals;
        Assert.Equal(Feature.MostLevels, x1.Count);
        Assert.Equal(1, x1.Sum(value => value.Share), 1e-9);
        Assert.All(x1, value =>
        {
            Assert.True(value.From.Number <= value.To.Number);
            var truth = 3 * (value.From.Number!.Value + value.To.Number!.Value) / 2;
            Assert.InRange(value.Mean, truth - 0.25, truth + 0.25);
            Assert.InRange(value.Deviation, 1e-6, 0.5);
        });
        Assert.Equal(x1.Select(value => value.From.Number!.Value).Order(), x1.Select(value => value.From.Number!.Value));
        var kinds = importance.Keys.Single(key => key.Key == "kind").Marginals.ToDictionary(value => value.From.ToString(), value => value.Mean);
        Assert.InRange(kinds["a"], 0.4, 0.7);
        Assert.InRange(kinds["b"], 2.3, 2.6);
        Assert.InRange(kinds[""], 1.3, 1.7);

        // What is predicted for a key, over its values as often as they come, is the mean of all.
        Assert.Equal(x1.Sum(value => value.Share * value.Mean), importance.Keys.Single(key => key.Key == "kind").Marginals.Sum(value => value.Share * value.Mean), 1e-9);
    }

    [Fact]
    public void A_forest_that_nobody_waits_for_stops()
    {
        var runs = MadeRuns.Draw(400, 1, random => MadeRuns.Uniform(random, 4), (c, _) => c.Number("x1"));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(() => ParameterImportance.Of(runs, seed: 0, cancelled.Token));
        Assert.Throws<OperationCanceledException>(() => DifferenceExplanation.Of(runs, [0, 1], seed: 0, cancelled.Token));
    }

    [Fact]
    public void What_only_works_together_is_an_interaction()
    {
        var runs = MadeRuns.Draw(600, 2, random => MadeRuns.Uniform(random, 4), (c, _) => c.Number("x1") > 0.5 == c.Number("x2") > 0.5 ? 1 : 0);

        var importance = ParameterImportance.Of(runs, seed: 0, TestContext.Current.CancellationToken);

        Print(importance);
        Assert.InRange(importance.Interactions, 0.8, 1);
        Assert.Equal(["x1", "x2"], importance.Keys.OrderByDescending(key => key.Permutation).Take(2).Select(key => key.Key).Order());
        Assert.All(importance.Keys, key => Assert.Equal(key.Key is "x1" or "x2", key.Permutation > 0.3));
    }

    [Fact]
    public void A_key_that_only_some_runs_have_is_judged_by_its_values_and_its_absence()
    {
        // With learned coupling the value hangs on the weight, without it there is none.
        var runs = MadeRuns.Draw(800, 3, random =>
        {
            var configuration = MadeRuns.Uniform(random, 3);
            configuration["coupling"] = new(random.Next(2) == 0 ? "learned" : "independent");
            if (configuration["coupling"].Text == "learned")
            {
                configuration["weight"] = new(random.NextDouble());
            }

            return configuration;
        }, (c, _) => c.TryGetValue("weight", out var weight) ? 10 * weight.Number!.Value : 5);

        var importance = ParameterImportance.Of(runs, seed: 0, TestContext.Current.CancellationToken);

        Print(importance);
        Assert.Equal("weight", importance.Keys[0].Key);
        Assert.InRange(importance.Keys[0].Share, 0.85, 1);
        Assert.All(importance.Keys.Where(key => key.Key.StartsWith('x')), key => Assert.InRange(key.Share, 0, 0.01));
    }

    [Fact]
    public void More_numbers_and_more_categories_than_levels_are_taken()
    {
        var runs = MadeRuns.Draw(2_000, 4, random => new()
        {
            ["number"] = new(random.NextDouble()),
            ["sometimes"] = random.Next(3) == 0 ? default : new(random.NextDouble()),
            ["word"] = new($"w{random.Next(200)}"),
            ["mixed"] = random.Next(2) == 0 ? new(random.Next(100)) : new(random.Next(2) == 0),
            ["infinite"] = new(random.Next(2) == 0 ? double.PositiveInfinity : 1),
        }, (c, _) => c.Number("number") + (c.Number("infinite") > 2 ? 1 : 0));

        var importance = ParameterImportance.Of(runs, seed: 0, TestContext.Current.CancellationToken);

        Print(importance);
        Assert.Equal(["infinite", "number"], importance.Keys.Take(2).Select(key => key.Key));
        Assert.InRange(importance.Keys[0].Share, 0.72, 0.78);
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers_and_another_one_others()
    {
        var runs = MadeRuns.Draw(100, 5, random => MadeRuns.Uniform(random, 4), (c, random) => c.Number("x1") + (0.1 * random.NextDouble()));

        Assert.Equal(Told(7), Told(7));
        Assert.NotEqual(Told(7), Told(8));

        IEnumerable<(string, double, double, double, double)> Told(int seed) => ParameterImportance.Of(runs, seed, TestContext.Current.CancellationToken).Keys
            .SelectMany(key => key.Marginals.Select(value => (key.Key, key.Share, key.Permutation, value.Mean, value.Deviation)));
    }

    [Fact]
    public void Scale_and_shift_of_the_values_change_nothing() => Gen.Select(Gen.Int[0, 9], Gen.Int[-6, 6]).Sample((seed, scale) =>
    {
        var runs = MadeRuns.Draw(60, seed, random => MadeRuns.Uniform(random, 3), (c, _) => Math.Round(100 * c.Number("x1")));
        var changed = runs.Select(run => run with { Value = (run.Value - 7) * Math.Pow(4, scale) }).ToArray();
        foreach (var (one, other) in ParameterImportance.Of(runs, 0, TestContext.Current.CancellationToken).Keys.OrderBy(key => key.Key).Zip(ParameterImportance.Of(changed, 0, TestContext.Current.CancellationToken).Keys.OrderBy(key => key.Key)))
        {
            Assert.Equal(one.Share, other.Share, 1e-6);
        }
    }, iter: 10);

    [Fact]
    public void Too_few_configurations_are_said_to_be_too_few()
    {
        var runs = MadeRuns.Draw(9, 6, random => MadeRuns.Uniform(random, 2), (c, _) => c.Number("x1"));

        // Replicates do not make them more.
        var importance = ParameterImportance.Of([.. runs, .. runs, new(runs[0].Configuration, double.NaN)], seed: 0, TestContext.Current.CancellationToken);

        Assert.Empty(importance.Keys);
        Assert.Equal((18, 1), (importance.Runs, importance.NonFinite));
        Assert.Equal("Not enough runs to tell: 9 different configurations have a finite value, and at least 10 are needed.", importance.NotEnough);
        Assert.Contains("0 different", ParameterImportance.Of([], 0, TestContext.Current.CancellationToken).NotEnough, StringComparison.Ordinal);
        Assert.Equal("Nothing to explain: all runs have the same value.", ParameterImportance.Of(MadeRuns.Draw(30, 6, random => MadeRuns.Uniform(random, 2), (_, _) => 0.1), 0, TestContext.Current.CancellationToken).NotEnough);
    }

    /// <summary>A table of docs/statistics.md: run with <c>-showLiveOutput</c> to see it.</summary>
    [Fact]
    public void Noise_is_hardly_ever_explained()
    {
        foreach (var (configurations, keys, replicates) in new[] { (10, 3, 1), (10, 10, 1), (20, 5, 1), (20, 5, 3), (50, 10, 1), (200, 10, 1), (50, 10, 5) })
        {
            var told = Enumerable.Range(0, 200).Count(seed =>
            {
                var random = new Random((7919 * seed) + 1);
                var drawn = Enumerable.Range(0, configurations).Select(_ => MadeRuns.Uniform(random, keys)).ToList();
                var runs = drawn.SelectMany(configuration => Enumerable.Range(0, replicates).Select(_ => new Observation(configuration, random.NextDouble()))).ToList();
                return ParameterImportance.Of(runs, seed, TestContext.Current.CancellationToken).NotEnough is null;
            });
            output.WriteLine($"| {configurations} | {replicates} | {keys} | {told / 2.0:F1} % |");
            Assert.InRange(told, 0, 10);
        }
    }

    /// <summary>Hutter et al.'s algorithm against the definition: every combination of levels, weighted by the shares of its levels.</summary>
    [Fact]
    public void Marginals_of_a_tree_are_exact() => Gen.Select(Gen.Int[0, 1000], Gen.Int[10, 40]).Sample((seed, runs) =>
    {
        var random = new Random(seed);
        Feature[] features =
        [
            new("number", [.. Enumerable.Range(0, runs).Select(_ => random.Next(6) == 0 ? default : new FeatureValue(random.Next(6)))]),
            new("word", [.. Enumerable.Range(0, runs).Select(_ => new FeatureValue($"{random.Next(4)}"))]),
            new("other", [.. Enumerable.Range(0, runs).Select(_ => new FeatureValue(random.NextDouble() < 0.5))]),
        ];
        var values = Enumerable.Range(0, runs).Select(_ => random.NextDouble()).ToArray();
        var tree = new RegressionTree(features, values, [.. Enumerable.Range(0, runs)], random);
        if (tree.Nodes.Count == 1)
        {
            return;
        }

        var points = (
            from number in Enumerable.Range(0, features[0].Shares.Length)
            from word in Enumerable.Range(0, features[1].Shares.Length)
            from other in Enumerable.Range(0, features[2].Shares.Length)
            let levels = new[] { (byte)number, (byte)word, (byte)other }
            select (levels, Weight: features.Select((feature, index) => feature.Shares[levels[index]]).Aggregate((a, b) => a * b), Value: tree.Predict(levels))).ToList();
        var mean = points.Sum(point => point.Weight * point.Value);
        var variance = points.Sum(point => point.Weight * Math.Pow(point.Value - mean, 2));
        var shares = ParameterImportance.Shares(tree, features);
        for (var index = 0; index < features.Length; index++)
        {
            var alone = points
                .GroupBy(point => point.levels[index])
                .Sum(same => features[index].Shares[same.Key] * Math.Pow(same.Sum(point => point.Weight * point.Value / features[index].Shares[same.Key]) - mean, 2));
            Assert.Equal(alone / variance, shares[index], 1e-9);
        }

        Assert.InRange(shares.Sum(), 0, 1 + 1e-9);
    });

    private void Print(ParameterImportance importance)
    {
        output.WriteLine($"R² {importance.OutOfBagR2:F3}, interactions {importance.Interactions:F3} {importance.NotEnough}");
        foreach (var key in importance.Keys)
        {
            output.WriteLine($"{key.Key}: {key.Share:F3} ± {key.Deviation:F3}, permutation {key.Permutation:F3}");
        }
    }
}
