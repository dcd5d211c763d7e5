using System.Globalization;
using CatchUp.Search.Ledger;
using CatchUp.Search.Stopping;
using CatchUp.Search.Tests.Methods;

namespace CatchUp.Search.Tests.Recorded;

/// <summary>Searches over what our own runs recorded. The tables are those of docs/results.md: run with <c>-showliveoutput</c> to see them.</summary>
public sealed class ReplayTests(ITestOutputHelper output)
{
    private const int Seeds = 100;
    private static readonly RecordedTrials Record = RecordedTrials.Read();

    private static StoppingRules Asha => new() { Ladders = [Ladder.Geometric("steps", RecordedTrials.Every, RecordedTrials.Full)], SparedShare = 0 };

    /// <summary>The recorded trials themselves, begun one after another in a shuffled order, every one trained to its end or stopped at its rungs.</summary>
    [Fact]
    public void Asha_reaches_the_best_of_random_search_with_two_fifths_of_its_steps()
    {
        var outcomes = Enumerable.Range(0, Seeds).AsParallel().Select(seed =>
        {
            var order = Enumerable.Range(0, Record.Count).ToArray();
            new Random(seed).Shuffle(order);
            return Search(new SearchRules { Method = SearchMethod.Random, Seed = seed, Trials = Record.Count, Stopping = Asha }, (trial, _) => order[trial], long.MaxValue);
        }).ToList();
        var (all, reached) = ((double)Record.Count * RecordedTrials.Full, outcomes.Count(outcome => outcome.Best <= Record.Best));
        var share = TestFunction.Median([.. outcomes.Select(outcome => outcome.Steps / all)]);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Best of all {Record.Best:0.0}. With ASHA: {share:P0} of the steps in the median, {outcomes.Max(outcome => outcome.Steps / all):P0} at most; the best found in {reached} of {Seeds} orders; median best {TestFunction.Median([.. outcomes.Select(outcome => outcome.Best)]):0.0}, worst {outcomes.Max(outcome => outcome.Best):0.0}"));

        Assert.True(share <= 0.4, $"{share:P0} of the steps");
        Assert.True(reached > Seeds / 2, $"the best was found in {reached} of {Seeds} orders");
    }

    [Fact]
    public void Searches_at_equal_cost()
    {
        var methods = new (string Name, SearchMethod Method, StoppingRules? Stopping)[]
        {
            ("random", SearchMethod.Random, null), ("TPE", SearchMethod.Tpe, null), ("random and ASHA", SearchMethod.Random, Asha), ("TPE and ASHA", SearchMethod.Tpe, Asha),
        };
        output.WriteLine("| updates, in whole trainings | " + string.Join(" | ", methods.Select(method => method.Name)) + " |");
        var medians = new Dictionary<(int Trainings, string Method), double>();
        foreach (var trainings in new[] { 4, 8, 16, 32 })
        {
            foreach (var (name, method, stopping) in methods)
            {
                var bests = Enumerable.Range(0, Seeds).AsParallel().Select(seed =>
                    Search(new SearchRules { Method = method, Seed = seed, Trials = 1000, Stopping = stopping }, (_, configuration) => Record.Nearest(configuration), (long)trainings * RecordedTrials.Full).Best).ToArray();
                medians[(trainings, name)] = TestFunction.Median(bests);
            }

            output.WriteLine($"| {trainings} | " + string.Join(" | ", methods.Select(method => medians[(trainings, method.Name)].ToString("0.0", CultureInfo.InvariantCulture))) + " |");
        }

        Assert.All(medians, median => Assert.InRange(median.Value, Record.Best, 400));
    }

    /// <summary>One trial at a time until the updates are spent.</summary>
    /// <returns>The best FID of a trial trained to its end (infinite when none was), and the updates spent.</returns>
    private static (double Best, long Steps) Search(SearchRules rules, Func<int, System.Text.Json.Nodes.JsonObject, int> recorded, long budget)
    {
        var ledger = new SearchLedger(RecordedTrials.Space, rules);
        var (best, spent) = (double.PositiveInfinity, 0L);
        while (ledger.Next() is { } next)
        {
            var trial = Assert.IsType<LedgerEntry.Proposed>(next).Trial;
            var run = recorded(trial, ledger.History.Trials[trial].Configuration.ToJson());
            var levels = rules.Stopping?.Ladders[0].Levels ?? [];
            var (at, goesOn) = (0L, true);
            for (var rung = 0; rung < levels.Count && goesOn; rung++)
            {
                spent += levels[rung] - at;
                at = levels[rung];
                goesOn = spent <= budget && ledger.Report(trial, "steps", rung, Record.Fid(run, at)).Outcome == RungOutcome.Promote;
            }

            spent += goesOn ? RecordedTrials.Full - at : 0;
            if (spent > budget)
            {
                break;
            }

            if (goesOn)
            {
                ledger.Finish(trial, [Record.Fid(run, RecordedTrials.Full)]);
                best = Math.Min(best, Record.Fid(run, RecordedTrials.Full));
            }
        }

        return (best, Math.Min(spent, budget));
    }
}
