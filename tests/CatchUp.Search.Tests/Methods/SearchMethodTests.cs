using System.Text.Json.Nodes;
using CatchUp.Search.Ledger;
using CatchUp.Search.Methods;
using CatchUp.Search.Objectives;
using CatchUp.Search.Spaces;
using CatchUp.Search.Tests.Spaces;
using CsCheck;

namespace CatchUp.Search.Tests.Methods;

public sealed class SearchMethodTests
{
    [Fact]
    public void Every_suggestion_lies_in_its_space() =>
        Gen.Select(SpaceGenerators.Spaces, Gen.Enum<SearchMethod>(), Gen.Int[0, 1000], Gen.Int[1, 2]).Sample((space, method, seed, goals) =>
        {
            if (method == SearchMethod.Grid && GridMethod.Problem(space) is not null)
            {
                return true;
            }

            var ledger = new SearchLedger(space, new SearchRules { Method = method, Seed = seed, Trials = 25, Tpe = new() { StartUp = 4 }, Goals = [.. Enumerable.Repeat(Goal.Minimize, goals)] });
            while (ledger.Next() is LedgerEntry.Proposed proposed)
            {
                if (space.Decode(proposed.Configuration) is null)
                {
                    return false;
                }

                ledger.Finish(proposed.Trial, [.. Enumerable.Range(0, goals).Select(goal => Score(proposed.Configuration, goal))]);
            }

            return true;
        }, iter: 60);

    [Fact]
    public void Grid_is_exact_and_complete() => SpaceGenerators.FiniteSpaces.Sample(space =>
    {
        var ledger = new SearchLedger(space, new SearchRules());
        var found = new List<string>();
        while (ledger.Next() is LedgerEntry.Proposed proposed)
        {
            found.Add(proposed.Configuration.ToJsonString());
        }

        // Every cell of the full product, whatever exists in it, is one of the grid's configurations, and the other way round.
        var expected = new HashSet<string>();
        var counts = space.Parameters.Select(parameter => (int)parameter.Count!.Value).ToArray();
        for (var cell = 0; cell < counts.Aggregate(1, (product, count) => product * count); cell++)
        {
            var rest = cell;
            expected.Add(space.FromUnit([.. counts.Select(count =>
            {
                (rest, var place) = Math.DivRem(rest, count);
                return (place + 0.5) / count;
            })]).ToJson().ToJsonString());
        }

        return GridMethod.Count(space) == expected.Count && found.Count == expected.Count && expected.SetEquals(found) && ledger.Standing == LedgerStanding.Full;
    }, iter: 60);

    [Fact]
    public void Grid_leaves_out_what_a_constraint_excludes()
    {
        var space = Read("""{ "x": { "integer": [1, 4] }, "y": { "integer": [1, 4] } }""", "x < y");
        Assert.Equal(6, Proposals(space, new SearchRules()).Count);
    }

    [Theory]
    [InlineData(SearchMethod.Random)]
    [InlineData(SearchMethod.Sobol)]
    [InlineData(SearchMethod.Tpe)]
    public void A_finite_space_is_tried_without_repetition_and_then_exhausted(SearchMethod method)
    {
        var space = Read("""{ "kind": ["a", "b"], "x": { "integer": [1, 5], "when": { "kind": "a" } } }""");
        var proposals = Proposals(space, new SearchRules { Method = method, Trials = 50, Seed = 3, Tpe = new() { StartUp = 2 } });
        Assert.Equal(6, proposals.Select(proposed => proposed.Configuration.ToJsonString()).Distinct().Count());
        Assert.Equal(6, proposals.Count);
    }

    [Theory]
    [InlineData(SearchMethod.Random)]
    [InlineData(SearchMethod.Sobol)]
    [InlineData(SearchMethod.Tpe)]
    public void Constraints_are_met_by_every_suggestion(SearchMethod method)
    {
        var space = Read("""{ "kind": ["a", "b"], "x": { "uniform": [0, 1] }, "y": { "uniform": [0, 1], "when": { "kind": "a" } } }""", "x + y < 0.5", "x < 0.7");
        var proposals = Proposals(space, new SearchRules { Method = method, Trials = 60, Seed = 3 });
        Assert.Equal(60, proposals.Count);
        Assert.Contains(proposals, proposed => proposed.Reason.Rejected > 0);
    }

    [Fact]
    public void Numbers_of_a_trial_do_not_depend_on_the_trials_before()
    {
        var space = TestFunction.Branin.Space;
        var whole = Proposals(space, new SearchRules { Method = SearchMethod.Random, Trials = 9, Seed = 4 });
        var history = new SearchHistory(space, [Goal.Minimize]);
        Assert.Equal(whole[8].Configuration.ToJsonString(), new RandomMethod(4).Suggest(history, 8).Configuration!.ToJson().ToJsonString());
    }

    [Fact]
    public void Running_trials_keep_parallel_proposals_apart()
    {
        double Spread(bool told)
        {
            var rules = new SearchRules { Method = SearchMethod.Tpe, Trials = 60, Seed = 5 };
            var ledger = new SearchLedger(TestFunction.Branin.Space, rules);
            for (var trial = 0; trial < 40; trial++)
            {
                var proposed = (LedgerEntry.Proposed)ledger.Next()!;
                ledger.Finish(proposed.Trial, [TestFunction.Branin.Truth(proposed.Configuration)]);
            }

            // Eight proposals while nothing ends, with what runs known or forgotten.
            var method = new TpeMethod(5);
            var points = Enumerable.Range(0, 8).Select(index => told
                ? ((LedgerEntry.Proposed)ledger.Next()!).Configuration
                : method.Suggest(ledger.History, 40 + index).Configuration!.ToJson()).ToList();
            return points.SelectMany((one, at) => points.Skip(at + 1).Select(other => Math.Pow(TestFunction.Number(one, "x") - TestFunction.Number(other, "x"), 2) + Math.Pow(TestFunction.Number(one, "y") - TestFunction.Number(other, "y"), 2))).Average();
        }

        Assert.True(Spread(told: true) > Spread(told: false), $"{Spread(true)} against {Spread(false)}");
    }

    [Fact]
    public void Reasons_are_told_in_numbers_and_words()
    {
        var proposals = Proposals(TestFunction.Conditional.Space, new SearchRules { Method = SearchMethod.Tpe, Trials = 12, Tpe = new() { StartUp = 10 } });
        Assert.Equal((ReasonKind.QuasiRandom, true, 3, 10, 3L), (proposals[3].Reason.Kind, proposals[3].Reason.StartUp, proposals[3].Reason.Known, proposals[3].Reason.Needed, proposals[3].Reason.Point));
        Assert.Equal("Start-up (3 of 10 results known). Point 3 of Sobol's sequence, which fills the space evenly.", proposals[3].Reason.Text);
        var reason = proposals[11].Reason;
        Assert.Equal((ReasonKind.DensityRatio, 2, 9, 24), (reason.Kind, reason.Good, reason.Others, reason.Candidates));
        Assert.Equal(proposals[11].Configuration.Select(member => member.Key).Order(), reason.Ratios!.Keys.Order());
        Assert.StartsWith("Best of 24 candidates: the 2 best trials lie ", reason.Text, StringComparison.Ordinal);
        Assert.Contains("By parameter: ", reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Densities_of_the_model_have_a_total_of_one()
    {
        var space = Read("""{ "c": ["a", "b", "c"], "n": { "integer": [1, 6] }, "s": { "logUniform": [1, 100], "step": 7 } }""");
        double[][] seen = [[0, 2, 8], [2, 6, 50], [2, 6, 92]];
        var model = new ParzenEstimator([.. space.Parameters], seen);
        var total = 0.0;
        for (var c = 0; c < 3; c++)
        {
            for (var n = 1; n <= 6; n++)
            {
                for (var s = 0; s < space.Parameters[2].Count; s++)
                {
                    total += Math.Exp(model.LogDensity([c, n, space.Parameters[2].ValueAt(s)]));
                }
            }
        }

        Assert.Equal(1, total, 1e-9);
    }

    [Fact]
    public void Density_of_a_continuum_integrates_to_one_and_draws_follow_it()
    {
        var space = Read("""{ "x": { "uniform": [0, 1] } }""");
        var model = new ParzenEstimator([.. space.Parameters], [[0.1], [0.15], [0.9]]);
        Assert.Equal(1, Enumerable.Range(0, 10_000).Average(index => Math.Exp(model.LogDensity([(index + 0.5) / 10_000]))), 1e-6);
        var random = new CounterRandom(1, 1, 1);
        var draws = Enumerable.Range(0, 4000).Select(_ => model.Draw(ref random)[0]).ToList();
        var below = Enumerable.Range(0, 5000).Sum(index => Math.Exp(model.LogDensity([(index + 0.5) / 10_000]))) / 10_000;
        Assert.Equal(below, draws.Count(draw => draw < 0.5) / 4000.0, 0.03);
    }

    [Fact]
    public void Two_objectives_find_more_of_the_front_than_chance()
    {
        // Schaffer's problem in three dimensions: the front lies between 0 and (1, 1, 1).
        var space = Read("""{ "x": { "uniform": [-3, 3] }, "y": { "uniform": [-3, 3] }, "z": { "uniform": [-3, 3] } }""");
        double Volume(SearchMethod method, int seed)
        {
            var ledger = new SearchLedger(space, new SearchRules { Method = method, Seed = seed, Trials = 60, Goals = [Goal.Minimize, Goal.Maximize] });
            while (ledger.Next() is LedgerEntry.Proposed proposed)
            {
                double Distance(double centre) => new[] { "x", "y", "z" }.Sum(name => Math.Pow(TestFunction.Number(proposed.Configuration, name) - centre, 2));
                ledger.Finish(proposed.Trial, [Distance(0), -Distance(1)]);
            }

            return Hypervolume.Of([.. ParetoFront.Of(ledger.History).Select(trial => new[] { trial.Values![0], -trial.Values[1] })], [10, 10]);
        }

        var (chance, model) = (TestFunction.Median([.. Enumerable.Range(0, 9).Select(seed => Volume(SearchMethod.Random, seed))]), TestFunction.Median([.. Enumerable.Range(0, 9).Select(seed => Volume(SearchMethod.Tpe, seed))]));
        Assert.True(model > chance, $"{model} against {chance}");
    }

    private static List<LedgerEntry.Proposed> Proposals(SearchSpace space, SearchRules rules)
    {
        var ledger = new SearchLedger(space, rules);
        var proposals = new List<LedgerEntry.Proposed>();
        while (ledger.Next() is LedgerEntry.Proposed proposed)
        {
            proposals.Add(proposed);
            Assert.NotNull(space.Decode(proposed.Configuration));
            ledger.Finish(proposed.Trial, [Score(proposed.Configuration, 0)]);
        }

        return proposals;
    }

    /// <summary>Some number that follows from a configuration.</summary>
    private static double Score(JsonObject configuration, int goal) => configuration.ToJsonString().Aggregate(goal, (hash, letter) => ((hash * 31) + letter) % 1009);

    private static SearchSpace Read(string json, params string[] constraints) => SpaceReader.Read(JsonNode.Parse(json)!.AsObject(), constraints).Space!;
}
