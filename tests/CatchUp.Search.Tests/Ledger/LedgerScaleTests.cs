using System.Diagnostics;
using System.Text.Json.Nodes;
using CatchUp.Search.Ledger;
using CatchUp.Search.Methods;
using CatchUp.Search.Objectives;
using CatchUp.Search.Spaces;
using CatchUp.Search.Stopping;
using CatchUp.Search.Tests.Methods;

namespace CatchUp.Search.Tests.Ledger;

public sealed class LedgerScaleTests(ITestOutputHelper output)
{
    private const int Last = 100;

    /// <summary>A sweep near its largest size goes on. Run with <c>-showliveoutput</c> for the times: they are printed, not asserted.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_sweep_of_100_000_trials_goes_on_to_its_end(int goals)
    {
        var space = SpaceReader.Read(JsonNode.Parse("""
            {
              "kind": ["a", "b", "c"],
              "rate": { "logUniform": [1e-5, 1] },
              "decay": { "uniform": [0, 1] },
              "batch": { "integer": [8, 512], "step": 8 },
              "share": { "normal": [0.5, 0.1], "within": [0, 1] },
              "order": [1, 2, 3, 4],
              "warm": [true, false],
              "width": { "integer": [1, 64], "log": true, "when": { "kind": ["b", "c"] } },
              "depth": { "integer": [1, 8], "when": { "kind": "c" } },
              "noise": { "uniform": [0, 1], "step": 0.05 }
            }
            """)!.AsObject(), ["rate * batch < 100"]).Space!;
        var rules = new SearchRules
        {
            Method = SearchMethod.Tpe,
            Trials = SearchRules.MostTrials,
            Goals = [.. Enumerable.Repeat(Goal.Minimize, goals)],
            Stopping = new StoppingRules { Ladders = [Ladder.Geometric("steps", 100, 2700)] },
        };
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        var ledger = SearchLedger.Replay(space, rules, Entries(space, rules, SearchRules.MostTrials - Last));
        output.WriteLine($"{goals} objectives: replayed {ledger.Length:N0} entries in {watch.Elapsed.TotalSeconds:F1} s, {(GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6:F0} MB");

        var times = new List<double>();
        while (true)
        {
            watch.Restart();
            if (ledger.Next() is not LedgerEntry.Proposed proposed)
            {
                break;
            }

            times.Add(watch.Elapsed.TotalMilliseconds);
            Assert.Equal(ReasonKind.DensityRatio, proposed.Reason.Kind);
            Assert.NotNull(space.Decode(proposed.Configuration));
            // Eight at a time are running.
            if (proposed.Trial >= SearchRules.MostTrials - Last + 8)
            {
                ledger.Finish(proposed.Trial - 8, Values(proposed.Trial - 8, goals));
            }
        }

        times.Sort();
        output.WriteLine($"{goals} objectives: next trial {TestFunction.Median([.. times]):F1} ms in the median, {times[(int)(times.Count * 0.95)]:F1} ms p95, {times[^1]:F1} ms at most");
        Assert.Equal(SearchRules.MostTrials, ledger.History.Trials.Count);
        Assert.Equal(LedgerStanding.Full, ledger.Standing);
    }

    private static IEnumerable<LedgerEntry> Entries(SearchSpace space, SearchRules rules, int trials)
    {
        var source = new SearchLedger(space, rules with { Method = SearchMethod.Random });
        for (var trial = 0; trial < trials; trial++)
        {
            source.Next();
            source.Report(trial, "steps", 0, Values(trial, 1)[0] + 1);
            if (source.History.Trials[trial].State == TrialState.Pending)
            {
                source.Finish(trial, Values(trial, rules.Goals.Count));
            }

            foreach (var entry in source.Take())
            {
                yield return entry;
            }
        }
    }

    private static double[] Values(int trial, int goals) => [.. Enumerable.Range(0, goals).Select(goal => new Random((trial * 3) + goal).NextDouble())];
}
