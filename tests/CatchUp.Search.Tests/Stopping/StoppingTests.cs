using CatchUp.Search.Ledger;
using CatchUp.Search.Objectives;
using CatchUp.Search.Stopping;
using CatchUp.Search.Tests.Ledger;
using CatchUp.Search.Tests.Methods;

namespace CatchUp.Search.Tests.Stopping;

public sealed class StoppingTests(ITestOutputHelper output)
{
    private static readonly SearchSpace Space = SimulatedSweep.ReadSpace();

    [Fact]
    public void Rungs_rise_by_the_reduction_below_the_full_amount()
    {
        Assert.Equal([10, 30, 90], Ladder.Geometric("steps", 10, 270).Levels);
        Assert.Equal([100, 400], Ladder.Geometric("samples", 100, 1000, 4).Levels);
        Assert.Null(Ladder.Geometric("steps", 10, 270).Problem());
    }

    [Theory]
    [InlineData("", new long[] { 1 }, 3)]
    [InlineData("steps", new long[] { }, 3)]
    [InlineData("steps", new long[] { 0, 1 }, 3)]
    [InlineData("steps", new long[] { 2, 2 }, 3)]
    [InlineData("steps", new long[] { 2 }, 1)]
    [InlineData("steps", new long[] { 2 }, double.NaN)]
    public void Ladders_that_lead_nowhere_are_refused(string resource, long[] levels, double reduction) => Assert.NotNull(new Ladder(resource, levels, reduction).Problem());

    [Fact]
    public void The_best_third_goes_on_and_the_rest_stops()
    {
        var ledger = Start(new StoppingRules { Ladders = [new("steps", [10])], SparedShare = 0 }, 7);
        // Too few to compare.
        Assert.Equal((RungOutcome.Promote, null), Outcome(ledger.Report(0, "steps", 0, 5)));
        Assert.Equal((RungOutcome.Promote, null), Outcome(ledger.Report(1, "steps", 0, 9)));
        Assert.Equal((RungOutcome.Prune, 5.0), Outcome(ledger.Report(2, "steps", 0, 6)));
        Assert.Equal((RungOutcome.Promote, 4.0), Outcome(ledger.Report(3, "steps", 0, 4)));
        Assert.Equal((RungOutcome.Prune, 4.0), Outcome(ledger.Report(4, "steps", 0, double.NaN) with { Threshold = 4 }));
        var decision = ledger.Report(5, "steps", 0, 4.5);
        Assert.Equal((RungOutcome.Promote, 4.5, 2, 6), (decision.Outcome, decision.Threshold, decision.Place, decision.Known));
        Assert.Equal("goes on at rung 1 of steps (10): its 4.5 is number 2 of 6, threshold 4.5", decision.Text);
        Assert.Equal(TrialState.Pruned, ledger.History.Trials[2].State);
    }

    [Fact]
    public void More_is_better_when_the_goal_says_so()
    {
        var rules = Rules(new StoppingRules { Ladders = [new("steps", [10])], SparedShare = 0, Least = 2 }, 3) with { Goals = [Goal.Maximize] };
        var ledger = Start(rules);
        ledger.Report(0, "steps", 0, 5);
        Assert.Equal((RungOutcome.Prune, 5.0), Outcome(ledger.Report(1, "steps", 0, 4)));
        Assert.Equal((RungOutcome.Promote, 6.0), Outcome(ledger.Report(2, "steps", 0, 6)));
    }

    [Fact]
    public void A_decision_is_never_revised()
    {
        var ledger = Start(new StoppingRules { Ladders = [new("steps", [10])], SparedShare = 0 }, 6);
        var first = ledger.Report(0, "steps", 0, 100);
        foreach (var trial in Enumerable.Range(1, 5))
        {
            ledger.Report(trial, "steps", 0, trial);
        }

        Assert.Equal(first, ledger.Report(0, "steps", 0, 100));
        // A rewound run comes with another value: the decision stands.
        Assert.Equal(first, ledger.Report(0, "steps", 0, 1));
        Assert.Equal(1 + 6 + (2 * 6), ledger.Length + 1);
    }

    [Fact]
    public void A_waiting_trial_goes_on_when_it_comes_to_be_among_the_best()
    {
        var ledger = Start(new StoppingRules { Ladders = [new("steps", [10, 30])], Waits = true, SparedShare = 0 }, 3, more: 0);
        Assert.Equal(RungOutcome.Wait, ledger.Report(0, "steps", 0, 1).Outcome);
        Assert.Equal(RungOutcome.Wait, ledger.Report(1, "steps", 0, 2).Outcome);
        Assert.Null(ledger.Next());
        Assert.Equal(RungOutcome.Wait, ledger.Report(2, "steps", 0, 3).Outcome);
        var promoted = Assert.IsType<LedgerEntry.Decided>(ledger.Next());
        Assert.Equal((0, RungOutcome.Promote, 1.0, 3), (promoted.Trial, promoted.Decision.Outcome, promoted.Decision.Threshold, promoted.Decision.Known));
        Assert.Null(ledger.Next());
        ledger.Report(0, "steps", 1, 0.5);
        // No others will come: those that wait are stopped, one after the other.
        var ends = new List<LedgerEntry?> { ledger.Next(), ledger.Next(), ledger.Next() };
        Assert.All(ends, end => Assert.Equal(RungOutcome.Prune, Assert.IsType<LedgerEntry.Decided>(end).Decision.Outcome));
        Assert.Null(ledger.Next());
        Assert.Equal(LedgerStanding.Complete, ledger.Standing);
    }

    [Fact]
    public void Spared_trials_finish_and_show_what_pruning_costs()
    {
        var sweep = new SimulatedSweep(Space, SimulatedSweep.Rules(waits: false, method: SearchMethod.Random, trials: 120), 3);
        sweep.Run(_ => false);
        var spared = sweep.Ledger.History.Trials.Where(trial => trial.Decisions.Any(decision => decision.Spared)).ToList();
        Assert.NotEmpty(spared);
        Assert.All(spared, trial => Assert.True(trial.State is TrialState.Finished or TrialState.Failed));
        var report = StoppingReport.Make(sweep.Ledger.History);
        Assert.Equal(sweep.Ledger.History.Trials.Count(trial => trial.State == TrialState.Pruned), report.Pruned);
        Assert.True(report.Pruned > report.Spared && report.Spared > 0 && report.MeanRegret <= report.LargestRegret);
        Assert.Contains($"Of {report.Spared} that the rungs would have stopped", report.Text, StringComparison.Ordinal);

        // The share is that of the trials, whatever the seed.
        var rules = new StoppingRules { Ladders = [new("steps", [1])], SparedShare = 0.1 };
        Assert.InRange(Enumerable.Range(0, 10_000).Count(trial => rules.Spares(3, trial)), 900, 1100);
    }

    [Fact]
    public void A_misled_rung_shows_as_regret()
    {
        var rules = Rules(new StoppingRules { Ladders = [new("steps", [10])], SparedShare = 1 }, 4);
        var ledger = Start(rules);
        foreach (var (trial, early, end) in new[] { (0, 1.0, 5.0), (1, 2, 6), (2, 3, 2), (3, 4, 7) })
        {
            ledger.Report(trial, "steps", 0, early);
            ledger.Finish(trial, [end]);
        }

        var report = StoppingReport.Make(ledger.History);
        Assert.Equal((0, 2, 1, 1.5, 3.0), (report.Pruned, report.Spared, report.Missed, report.MeanRegret, report.LargestRegret));
    }

    [Fact]
    public void Brackets_share_trials_as_hyperband_does()
    {
        // With R = 27 and η = 3: 27, 12, 6, 4 trials begin at 1, 3, 9 and 27.
        var rules = new StoppingRules { Ladders = [Ladder.Geometric("steps", 1, 27)], Brackets = true };
        Assert.Equal([27, 12, 6, 4], Enumerable.Range(0, 49).GroupBy(rules.BracketOf).OrderBy(group => group.Key).Select(group => group.Count()));
        Assert.Equal([1, 2], rules.RungsOf(0, Enumerable.Range(0, 49).First(trial => rules.BracketOf(trial) == 1)));
        Assert.Empty(rules.RungsOf(0, 0));
    }

    [Fact]
    public void Rungs_over_samples_gate_the_full_evaluation()
    {
        var ledger = Start(new StoppingRules { Ladders = [new("steps", [100]), new("samples", [500])], SparedShare = 0, Least = 1 }, 2);
        ledger.Report(0, "steps", 0, 9);
        ledger.Report(0, "samples", 0, 8);
        ledger.Finish(0, [7]);
        Assert.Equal(RungOutcome.Promote, ledger.Report(1, "steps", 0, 8.5).Outcome);
        var gate = ledger.Report(1, "samples", 0, 8.4);
        Assert.Equal((RungOutcome.Prune, "samples", 500L, 8.0), (gate.Outcome, gate.Ladder, gate.Level, gate.Threshold));
    }

    /// <summary>Random search with and without rungs on the same trials; with <c>-showliveoutput</c> the numbers are printed.</summary>
    [Fact]
    public void Rungs_reach_nearly_the_best_for_a_part_of_the_steps()
    {
        var (shares, gaps) = (new List<double>(), new List<double>());
        for (var seed = 0; seed < 20; seed++)
        {
            var rules = SimulatedSweep.Rules(waits: false, method: SearchMethod.Random, trials: 81, spared: 0) with { Seed = seed, Failures = new(0, false) };
            var sweep = new SimulatedSweep(Space, rules, 4);
            sweep.Run(_ => false);
            var trials = sweep.Ledger.History.Trials;
            var spent = trials.Sum(trial => trial.State == TrialState.Finished ? 270 : trial.Decisions.Count == 0 ? 0 : trial.Decisions[^1].Level);
            var best = trials.Where(trial => trial.State != TrialState.Failed).Min(trial => SimulatedSweep.Value(trial.Configuration.ToJson(), 1));
            shares.Add(spent / (270.0 * trials.Count));
            gaps.Add(trials.Where(trial => trial.State == TrialState.Finished).Min(trial => trial.Values![0]) - best);
        }

        output.WriteLine($"share of steps {TestFunction.Median([.. shares]):P0}, best missed by {TestFunction.Median([.. gaps]):G3}");
        Assert.True(TestFunction.Median([.. shares]) <= 0.4);
        Assert.True(TestFunction.Median([.. gaps]) <= 0.1);
    }

    private static (RungOutcome, double?) Outcome(RungDecision decision) => (decision.Outcome, decision.Threshold);

    private static SearchRules Rules(StoppingRules stopping, int trials) => new() { Method = SearchMethod.Random, Trials = trials, Stopping = stopping };

    private static SearchLedger Start(StoppingRules stopping, int trials, int more = 0) => Start(Rules(stopping, trials + more), trials);

    private static SearchLedger Start(SearchRules rules, int? trials = null)
    {
        var ledger = new SearchLedger(Space, rules);
        for (var trial = 0; trial < (trials ?? rules.Trials); trial++)
        {
            Assert.NotNull(ledger.Next());
        }

        return ledger;
    }
}
