using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Search.Ledger;
using CatchUp.Search.Stopping;
using CatchUp.Search.Tests.Methods;
using CsCheck;

namespace CatchUp.Search.Tests.Ledger;

public sealed class SearchLedgerTests
{
    private static readonly SearchSpace Space = SimulatedSweep.ReadSpace();

    [Fact]
    public void A_sweep_killed_at_random_is_the_sweep_that_was_not() =>
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Enum<SearchMethod>(), Gen.Int[1, 5], Gen.Int[0, int.MaxValue]).Sample((waits, brackets, method, slots, seed) =>
        {
            var rules = SimulatedSweep.Rules(waits, brackets, method == SearchMethod.Grid ? SearchMethod.Tpe : method, trials: 25);
            var whole = new SimulatedSweep(Space, rules, slots);
            whole.Run(_ => false);
            var random = new Random(seed);
            var killed = new SimulatedSweep(Space, rules, slots);
            var kills = 0;
            killed.Run(_ => random.Next(6) == 0 && ++kills > 0);
            return kills > 0 && whole.Lines.SequenceEqual(killed.Lines) && whole.Ledger.Standing == LedgerStanding.Complete;
        }, iter: 40);

    [Fact]
    public void Any_beginning_of_a_ledger_is_continued_alike()
    {
        var rules = SimulatedSweep.Rules(waits: false, trials: 25);
        var sweep = new SimulatedSweep(Space, rules, 3);
        sweep.Run(_ => false);
        var entries = sweep.Lines.Select(LedgerEntry.FromLine).ToList();
        for (var length = 0; length < entries.Count; length++)
        {
            var ledger = SearchLedger.Replay(Space, rules, entries.Take(length));
            // What the search itself says next is what stands next.
            var next = entries[length] switch
            {
                LedgerEntry.Decided when entries[length - 1] is LedgerEntry.Reported => Assert.Single(ledger.Take()),
                LedgerEntry.Proposed or LedgerEntry.Retried or LedgerEntry.Decided => ledger.Next(),
                _ => null,
            };
            Assert.True(next is null || next.ToLine() == entries[length].ToLine(), $"{next?.ToLine()} against {entries[length].ToLine()}");
        }
    }

    [Fact]
    public async Task A_ledger_in_pieces_is_the_ledger_and_is_verified_like_it()
    {
        var rules = SimulatedSweep.Rules(waits: false, trials: 25);
        var sweep = new SimulatedSweep(Space, rules, 3);
        sweep.Run(_ => false);
        var entries = sweep.Lines.Select(LedgerEntry.FromLine).ToList();
        var ledger = new SearchLedger(Space, rules);
        foreach (var piece in entries.SkipLast(1).Chunk(7))
        {
            ledger.Follow(piece);
        }

        Assert.Equal((entries.Count - 1, 25), (ledger.Length, ledger.History.Trials.Count));
        Assert.Throws<LedgerException>(() => ledger.Follow(entries.Take(1)));
        ledger.Follow(entries.TakeLast(1));
        Assert.Equal(LedgerStanding.Complete, ledger.Standing);
        Assert.Empty(ledger.Take());

        Assert.Equal(new LedgerVerification(entries.Count, null, null), await VerifyAsync(entries));
        var at = entries.FindLastIndex(entry => entry is LedgerEntry.Proposed);
        entries[at] = ((LedgerEntry.Proposed)entries[at]) with { Reason = ((LedgerEntry.Proposed)entries[0]).Reason };
        Assert.Equal(at + 1, (await VerifyAsync(entries)).Mismatch);

        Task<LedgerVerification> VerifyAsync(List<LedgerEntry> all) => SearchLedger.VerifyAsync(Space, rules, all.Chunk(7).ToAsyncEnumerable(), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_true_ledger_is_verified(bool waits)
    {
        var rules = SimulatedSweep.Rules(waits);
        var sweep = new SimulatedSweep(Space, rules, 4);
        sweep.Run(_ => false);
        var entries = sweep.Lines.Select(LedgerEntry.FromLine).ToList();
        Assert.Equal(new LedgerVerification(entries.Count, null, null), SearchLedger.Verify(Space, rules, entries));
        foreach (var kind in new[] { typeof(LedgerEntry.Proposed), typeof(LedgerEntry.Decided), typeof(LedgerEntry.Retried), typeof(LedgerEntry.Failed), typeof(LedgerEntry.Finished) })
        {
            Assert.Contains(entries, entry => entry.GetType() == kind);
        }
    }

    [Fact]
    public void A_changed_result_shows_where_the_search_would_have_gone_elsewhere()
    {
        var rules = SimulatedSweep.Rules(waits: false);
        var sweep = new SimulatedSweep(Space, rules, 1);
        sweep.Run(_ => false);
        var entries = sweep.Lines.Select(LedgerEntry.FromLine).ToList();
        var at = entries.FindIndex(entry => entry is LedgerEntry.Finished);
        entries[at] = (LedgerEntry.Finished)entries[at] with { Values = [-100] };
        var verification = SearchLedger.Verify(Space, rules, entries);
        Assert.False(verification.Holds);
        Assert.True(verification.Mismatch > at + 1);
        Assert.Contains("This follows:", verification.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forged_torn_and_missing_entries_are_named()
    {
        var rules = SimulatedSweep.Rules(waits: false);
        var sweep = new SimulatedSweep(Space, rules, 2);
        sweep.Run(_ => false);
        var entries = sweep.Lines.Select(LedgerEntry.FromLine).ToList();

        var forged = entries.ToList();
        var decided = forged.FindIndex(entry => entry is LedgerEntry.Decided { Decision.Outcome: RungOutcome.Prune });
        var decision = ((LedgerEntry.Decided)forged[decided]).Decision;
        forged[decided] = (LedgerEntry.Decided)forged[decided] with { Decision = decision with { Outcome = RungOutcome.Promote } };
        Assert.Equal(decided + 1, SearchLedger.Verify(Space, rules, forged).Mismatch);

        var missing = entries.ToList();
        missing.RemoveAt(3);
        Assert.Equal(4, SearchLedger.Verify(Space, rules, missing).Mismatch);
        Assert.Throws<LedgerException>(() => SearchLedger.Replay(Space, rules, missing));
        Assert.ThrowsAny<JsonException>(() => LedgerEntry.FromLine(sweep.Lines[0][..40]));
        Assert.False(SearchLedger.Verify(Space, rules with { Seed = 12 }, entries).Holds);
    }

    [Fact]
    public void Entries_are_lines_of_json_and_read_back()
    {
        LedgerEntry[] entries =
        [
            new LedgerEntry.Reported(3, "steps", 1, double.NaN) { Number = 7 },
            new LedgerEntry.Finished(3, [1.5, double.PositiveInfinity]) { Number = 8 },
            new LedgerEntry.Extended(5) { Number = 9 },
            new LedgerEntry.Narrowed(new JsonObject { ["x"] = new JsonArray(1) }, ["x > 0"]) { Number = 10 },
            new LedgerEntry.Paused { Number = 11 },
        ];
        Assert.Equal("""{"kind":"reported","number":7,"trial":3,"ladder":"steps","rung":1,"value":"NaN"}""", entries[0].ToLine());
        Assert.All(entries, entry => Assert.Equal(entry.ToLine(), LedgerEntry.FromLine(entry.ToLine()).ToLine()));
    }

    [Fact]
    public void Results_by_hand_are_refused()
    {
        var ledger = new SearchLedger(Space, SimulatedSweep.Rules(waits: false));
        Assert.Contains("no trial 0", Assert.Throws<LedgerException>(() => ledger.Finish(0, [1])).Message, StringComparison.Ordinal);
        ledger.Next();
        Assert.Throws<LedgerException>(() => ledger.Finish(0, [1, 2]));
        Assert.Throws<LedgerException>(() => ledger.Report(0, "steps", 17, 1));
        Assert.Throws<LedgerException>(() => ledger.Report(0, "images", 0, 1));
        ledger.Finish(0, [1]);
        var length = ledger.Length;
        ledger.Finish(0, [1]);
        Assert.Equal(length, ledger.Length);
        Assert.Contains("by hand", Assert.Throws<LedgerException>(() => ledger.Finish(0, [0.5])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Failed_trials_are_retried_and_then_replaced()
    {
        var ledger = new SearchLedger(Space, new SearchRules { Method = SearchMethod.Random, Trials = 2, Failures = new(Retries: 1, Replace: true) });
        ledger.Next();
        ledger.Fail(0, "out of memory");
        Assert.Equal(new LedgerEntry.Retried(0, 2) { Number = 3 }, ledger.Next());
        ledger.Fail(0, "out of memory");
        ledger.Finish(((LedgerEntry.Proposed)ledger.Next()!).Trial, [1]);
        Assert.Equal(2, Assert.IsType<LedgerEntry.Proposed>(ledger.Next()).Trial);
        Assert.Null(ledger.Next());
        Assert.Equal(LedgerStanding.Full, ledger.Standing);
        ledger.Finish(2, [1]);
        Assert.Equal(LedgerStanding.Complete, ledger.Standing);
        Assert.Equal((TrialState.Failed, 2), (ledger.History.Trials[0].State, ledger.History.Trials[0].Failures));
    }

    [Fact]
    public void A_sweep_that_always_fails_ends()
    {
        var ledger = new SearchLedger(Space, new SearchRules { Method = SearchMethod.Tpe, Trials = 10, Tpe = new() { StartUp = 2 } });
        var proposed = 0;
        while (ledger.Next() is LedgerEntry.Proposed trial)
        {
            proposed++;
            ledger.Fail(trial.Trial, "no such data");
        }

        Assert.Equal(20, proposed);
    }

    [Fact]
    public void A_sweep_is_paused_resumed_and_extended()
    {
        var ledger = new SearchLedger(Space, new SearchRules { Method = SearchMethod.Random, Trials = 1, Seed = 1 });
        ledger.Finish(((LedgerEntry.Proposed)ledger.Next()!).Trial, [1]);
        Assert.Null(ledger.Next());
        ledger.Extend(1);
        ledger.Pause();
        Assert.Null(ledger.Next());
        Assert.Equal(LedgerStanding.Paused, ledger.Standing);
        ledger.Resume();
        Assert.NotNull(ledger.Next());
        Assert.Null(ledger.Next());
        Assert.Throws<LedgerException>(() => ledger.Extend(SearchRules.MostTrials));
        Assert.Throws<LedgerException>(() => ledger.Extend(0));
        Assert.True(SearchLedger.Verify(Space, ledger.Rules, ledger.Take()).Holds);
    }

    [Fact]
    public void A_narrowed_sweep_stays_within_and_keeps_what_it_knows()
    {
        var rules = new SearchRules { Method = SearchMethod.Tpe, Trials = 40, Seed = 2, Tpe = new() { StartUp = 5 } };
        var ledger = new SearchLedger(Space, rules);
        for (var trial = 0; trial < 20; trial++)
        {
            Complete(ledger);
        }

        ledger.Narrow(JsonNode.Parse("""{ "kind": ["b"], "rate": { "logUniform": [1e-3, 1e-1] }, "width": { "integer": [8, 32], "when": { "kind": "b" } } }""")!.AsObject(), ["rate * width < 1"]);
        while (ledger.Next() is LedgerEntry.Proposed proposed)
        {
            Assert.NotNull(ledger.History.Space.Decode(proposed.Configuration));
            Assert.InRange(TestFunction.Number(proposed.Configuration, "rate"), 1e-3, 1e-1);
            ledger.Finish(proposed.Trial, [SimulatedSweep.Value(proposed.Configuration, 1)]);
        }

        Assert.Equal(40, ledger.History.Trials.Count);
        var entries = ledger.Take();
        Assert.True(SearchLedger.Verify(Space, rules, entries).Holds);
        Assert.Equal(LedgerStanding.Complete, SearchLedger.Replay(Space, rules, entries.Select(entry => LedgerEntry.FromLine(entry.ToLine()))).Standing);
    }

    [Theory]
    [InlineData("""{ "kind": ["a", "b"], "rate": { "logUniform": [1e-6, 1] }, "width": { "integer": [1, 32], "when": { "kind": "b" } } }""", "space.rate reaches beyond")]
    [InlineData("""{ "kind": ["a", "c"], "rate": { "logUniform": [1e-5, 1] } }""", "space.kind reaches beyond")]
    [InlineData("""{ "kind": ["a", "b"], "rate": { "logUniform": [1e-5, 1] }, "width": { "integer": [1, 32] } }""", "other conditions")]
    [InlineData("""{ "kind": ["a", "b"], "width": { "integer": [1, 32], "when": { "kind": "b" } } }""", "space.rate is missing")]
    [InlineData("""{ "kind": ["a", "b"], "rate": { "logUniform": [1, 1e-5] } }""", "Exchange them")]
    public void A_space_that_is_no_narrower_is_refused(string space, string words) =>
        Assert.Contains(words, Assert.Throws<LedgerException>(() => new SearchLedger(Space, new SearchRules { Method = SearchMethod.Random }).Narrow(JsonNode.Parse(space)!.AsObject())).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_decided_may_be_fixed_and_what_cannot_exist_left_out()
    {
        var ledger = new SearchLedger(Space, new SearchRules { Method = SearchMethod.Random });
        ledger.Narrow(JsonNode.Parse("""{ "kind": { "fixed": "a" }, "rate": { "fixed": 0.01 } }""")!.AsObject());
        Assert.Equal("""{"kind":"a","rate":0.01}""", ((LedgerEntry.Proposed)ledger.Next()!).Configuration.ToJsonString());
    }

    [Fact]
    public void Impossible_rules_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new SearchLedger(Space, new SearchRules { Method = SearchMethod.Grid }));
        Assert.Throws<ArgumentException>(() => new SearchLedger(Space, new SearchRules { Method = SearchMethod.Random, Trials = 0 }));
        Assert.Throws<ArgumentException>(() => new SearchLedger(Space, new SearchRules { Method = SearchMethod.Random, Goals = [] }));
        Assert.Throws<ArgumentException>(() => new SearchLedger(Space, new SearchRules { Method = SearchMethod.Random, Stopping = new() { Ladders = [new("steps", [10, 5])] } }));
    }

    private static void Complete(SearchLedger ledger)
    {
        var proposed = (LedgerEntry.Proposed)ledger.Next()!;
        ledger.Finish(proposed.Trial, [SimulatedSweep.Value(proposed.Configuration, 1)]);
    }
}
