using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Search.Ledger;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Searches;
using CatchUp.Tracking.Sweeps;
using CatchUp.Tracking.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Searches;

public sealed class SearchCoordinatorTests
{
    private static CancellationToken Cancellation => TestWorld.Cancellation;

    [Theory]
    [OnBothDatabases]
    public async Task A_random_sweep_of_64_trials_runs_to_its_end(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var search = await SearchSimulation.LaunchAsync(world, SearchSimulation.Document("method: random, trials: 64, seed: 5"));
        Assert.Equal(8, (await search.StatesAsync())[RunState.Queued]);

        var done = 0;
        while (await search.RunOneAsync() is { } run)
        {
            done++;
            Assert.True((await search.StatesAsync()).GetValueOrDefault(RunState.Queued) <= 8);
        }

        Assert.Equal(64, done);
        var report = (await search.Store.FindAsync(search.Sweep, Cancellation))!;
        Assert.Equal(new Dictionary<SearchTrialState, int> { [SearchTrialState.Finished] = 64 }, report.States);
        Assert.Equal("Complete: every trial has its end.", report.Standing);
        var trials = (await search.Store.TrialsAsync(search.Sweep, 0, 100, Cancellation))!;
        Assert.Equal(64, trials.Total);
        Assert.All(trials.Items, trial => Assert.Equal("Drawn at random.", trial.Reason));
        Assert.Equal(trials.Items.MinBy(trial => trial.Values![0])!.Trial, report.Best!.Trial);
        Assert.Equal((128, true), ((await search.EntriesAsync()).Count, (await search.Store.VerifyAsync(search.Sweep, Cancellation))!.Holds));
        Assert.Empty(await world.Get<SearchCoordinator>().OpenAsync(null, Cancellation));

        // Each run has its configuration, and says why it is there.
        var runs = await world.ReadAsync(context => context.Runs.OrderBy(run => run.Trial).ToListAsync(Cancellation));
        Assert.Equal(trials.Items.Select(trial => trial.Parameters["optimizer.learningRate"]), runs.Select(run => RunSummaries.Texts(run.Parameters)["optimizer.learningRate"]));
        Assert.Equal("Queued by the search. Drawn at random.", (await world.Runs.EventsAsync(runs[40].Id, Cancellation))[0].Cause);
        Assert.True(runs.Zip(runs.Skip(1)).All(pair => pair.First.Position < pair.Second.Position));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Whatever_crashes_in_between_the_same_trials_follow(DatabaseKind kind)
    {
        const string Search = "method: tpe, trials: 20, seed: 3, startup: 5, stopping: { reduction: 2, first: 100, spared: 0.2 }, failed: { retries: 1 }";
        string[][] ledgers = [[], []];
        var crashes = 0;
        foreach (var disturbed in new[] { false, true })
        {
            await using var world = await TestWorld.CreateAsync(kind);
            var search = await SearchSimulation.LaunchAsync(world, SearchSimulation.Document(Search));
            var (random, failed) = (new Random(7), new HashSet<string>());
            var coordinator = world.Get<SearchCoordinator>();
            while (await search.RunOneAsync(Look, assigned => assigned.Name is "searching/trial4" or "searching/trial11" && failed.Add(assigned.Name)) is not null)
            {
            }

            ledgers[disturbed ? 1 : 0] = [.. (await search.Store.LedgerAsync(search.Sweep, 1, 10_000, Cancellation))!];
            var verification = (await search.Store.VerifyAsync(search.Sweep, Cancellation))!;
            Assert.True(verification.Holds, verification.Message);

            async Task Look()
            {
                // The process dies before it looks, while it does, before it has told anyone, or between two looks: another one begins with what is stored.
                switch (disturbed ? random.Next(4) : 3)
                {
                    case 0:
                        coordinator = New(world);
                        break;
                    case 1:
                        await BreakAsync(world, kind, broken: true);
                        var died = await Record.ExceptionAsync(() => coordinator.AdvanceAsync(search.Sweep, Cancellation));
                        await BreakAsync(world, kind, broken: false);
                        crashes += died is null ? 0 : 1;
                        coordinator = random.Next(2) == 0 ? New(world) : coordinator;
                        break;
                    case 2:
                        await coordinator.AdvanceAsync(search.Sweep, Cancellation);
                        coordinator = New(world);
                        break;
                }

                await coordinator.AdvanceAsync(search.Sweep, Cancellation);
            }
        }

        Assert.True(crashes > 3);
        Assert.Equal(ledgers[0], ledgers[1]);
        foreach (var kindOfEntry in new[] { "proposed", "reported", "decided", "finished", "failed", "retried" })
        {
            Assert.Contains(ledgers[0], line => line.Contains($"\"{kindOfEntry}\"", StringComparison.Ordinal));
        }
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_trial_that_falls_behind_is_pruned_with_its_reason(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var search = await SearchSimulation.LaunchAsync(world, SearchSimulation.Document("method: random, trials: 12, seed: 1, stopping: { reduction: 2, first: 100, spared: 0 }"));
        var pruned = new List<long>();
        while (await search.RunOneAsync() is { } run)
        {
            if ((await world.SummaryAsync(run)).State == RunState.Pruned)
            {
                pruned.Add(run);
            }
        }

        Assert.InRange(pruned.Count, 2, 10);
        var (summary, history) = (await world.SummaryAsync(pruned[0]), await world.Runs.EventsAsync(pruned[0], Cancellation));
        Assert.Matches(@"^Pruned at rung \d of steps \(\d00\): its [\d.]+ is number \d+ of \d+, threshold [\d.]+\.$", summary.Cause);
        Assert.Contains(history, entry => entry is { From: RunState.Running, To: RunState.Pruned } && entry.Cause == summary.Cause);
        Assert.True(await world.Bus.Published.Any<AttemptOrder>(message => message.Context.Message is { Order: OrderKind.Cancel } order && order.RunId == pruned[0], Cancellation));
        var states = await search.StatesAsync();
        Assert.Equal((pruned.Count, 12 - pruned.Count), (states[RunState.Pruned], states[RunState.Completed]));
        var report = (await search.Store.FindAsync(search.Sweep, Cancellation))!;
        Assert.Equal(pruned.Count, report.Stopping!.Pruned);
        Assert.Equal([100, 200], report.Rungs.Select(rung => rung.Level));
        Assert.Equal((12, pruned.Count), (report.Rungs[0].Arrived, report.Rungs.Sum(rung => rung.Pruned)));
        var one = (await search.Store.TrialAsync(search.Sweep, summary.Trial, Cancellation))!;
        Assert.Equal((SearchTrialState.Pruned, summary.Cause!.ToLowerInvariant().TrimEnd('.')), (one.State, one.Decisions[^1]));
        Assert.Equal(pruned.Count, (await search.Store.TrialsAsync(search.Sweep, 0, 100, Cancellation))!.Items.Count(trial => trial.State == SearchTrialState.Pruned && trial.Decisions[^1].StartsWith("pruned", StringComparison.Ordinal)));
        Assert.True((await search.Store.VerifyAsync(search.Sweep, Cancellation))!.Holds);
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_trial_that_falls_behind_at_a_gate_is_pruned_before_its_full_evaluation(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var search = await SearchSimulation.LaunchAsync(world, WithGates("method: random, trials: 12, seed: 1, stopping: { resource: samples, reduction: 2, spared: 0 }"));
        var pruned = new List<long>();
        var coordinator = world.Get<SearchCoordinator>();
        while (await search.RunOneAsync(() => coordinator.AdvanceAsync(search.Sweep, Cancellation)) is { } run)
        {
            coordinator = New(world); // which knows what is stored
            if ((await world.SummaryAsync(run)).State == RunState.Pruned)
            {
                pruned.Add(run);
            }
        }

        Assert.InRange(pruned.Count, 2, 10);
        var (summary, history) = (await world.SummaryAsync(pruned[0]), await world.Runs.EventsAsync(pruned[0], Cancellation));
        Assert.Matches(@"^Pruned at rung \d of samples \((50|200)\): its [\d.]+ is number \d+ of \d+, threshold [\d.]+\.$", summary.Cause);
        Assert.Contains(history, entry => entry is { From: RunState.Running, To: RunState.Pruned } && entry.Cause == summary.Cause);
        Assert.Contains(history, entry => entry.Cause == $"{summary.Cause} It stops before the full evaluation is made.");
        Assert.True(await world.Bus.Published.Any<AttemptOrder>(message => message.Context.Message is { Order: OrderKind.Cancel } order && order.RunId == pruned[0], Cancellation));
        var evaluations = await world.Get<EvaluationStore>().ListAsync(pruned[0], Cancellation);
        Assert.Contains(evaluations, evaluation => evaluation is { Step: 300, Gate: 50 });
        Assert.DoesNotContain(evaluations, evaluation => evaluation is { Step: 300, Gate: 0 });

        // Those that went on were promoted at both gates, and ended with what the full evaluation says.
        var report = (await search.Store.FindAsync(search.Sweep, Cancellation))!;
        Assert.Equal(("samples", 12, pruned.Count), (report.Resource, report.Rungs[0].Arrived, report.Rungs.Sum(rung => rung.Pruned)));
        Assert.Equal([50, 200], report.Rungs.Select(rung => rung.Level));
        var finished = (await search.Store.TrialsAsync(search.Sweep, 0, 100, Cancellation))!.Items.Where(trial => trial.State == SearchTrialState.Finished).ToList();
        Assert.Equal(12 - pruned.Count, finished.Count);
        Assert.All(finished, trial => Assert.Equal(2, trial.Decisions.Count));
        var specifications = (await world.ReadAsync(context => context.Runs.ToListAsync(Cancellation))).ToDictionary(run => run.Trial, run => System.Text.Json.JsonSerializer.Deserialize<Contracts.Specifications.RunSpecification>(run.Specification, Contracts.ContractJson.Options)!);
        Assert.All(finished, trial => Assert.Equal(SearchSimulation.Value(specifications[trial.Trial], 300), trial.Values![0], 10));
        var reports = (await search.EntriesAsync()).OfType<LedgerEntry.Reported>().ToList();
        Assert.All(reports, entry => Assert.Equal(SearchSimulation.GateValue(specifications[entry.Trial], entry.Rung == 0 ? 50 : 200), entry.Value, 10));
        Assert.All(reports, entry => Assert.Equal("samples", entry.Ladder));
        var verification = (await search.Store.VerifyAsync(search.Sweep, Cancellation))!;
        Assert.True(verification.Holds, verification.Message);
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_gate_is_reached_when_all_replicates_have_all_that_the_objective_needs(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var search = await SearchSimulation.LaunchAsync(world, WithGates("method: random, trials: 4, seed: 1, stopping: { resource: samples }, objectives: [{ metric: fid, nfe: [1, 4], over: area }]", replicates: 2));
        var (first, journal) = (await search.ClaimAsync(0))!.Value;
        var (second, other) = (await search.ClaimAsync(1))!.Value;
        Assert.Equal(["searching/trial1-s0", "searching/trial1-s1"], [first.Name, second.Name]);
        var reported = new List<int>();
        await ShipAsync(journal.Evaluation(100, 1).Evaluation(100, 1, nfe: 1).Evaluation(300, 40, nfe: 1, gate: 50));
        await ShipAsync(journal.Evaluation(300, 20, gate: 50));
        await ShipAsync(other.Evaluation(300, 60, nfe: 1, gate: 50));
        await ShipAsync(other.Evaluation(300, 7, samples: 50));
        await ShipAsync(other.Evaluation(300, 30, gate: 50));

        Assert.Equal([0, 0, 0, 0, 1], reported);
        var report = (await search.EntriesAsync()).OfType<LedgerEntry.Reported>().Single();
        Assert.Equal((0, "samples", 0, 37.5), (report.Trial, report.Ladder, report.Rung, report.Value));

        async Task ShipAsync(Journal next)
        {
            await next.ShipAsync();
            await search.AdvanceAsync();
            reported.Add((await search.EntriesAsync()).Count(entry => entry is LedgerEntry.Reported));
        }
    }

    [Theory]
    [OnBothDatabases]
    public async Task Spared_trials_finish_although_the_rungs_say_no(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var search = await SearchSimulation.LaunchAsync(world, SearchSimulation.Document("method: random, trials: 12, seed: 1, stopping: { reduction: 2, first: 100, spared: 1 }"));
        while (await search.RunOneAsync() is not null)
        {
        }

        var report = (await search.Store.FindAsync(search.Sweep, Cancellation))!;
        Assert.Equal(12, (await search.StatesAsync())[RunState.Completed]);
        Assert.InRange(report.Stopping!.Spared, 2, 10);
        Assert.Equal(0, report.Stopping.Pruned);
    }

    [Theory]
    [OnBothDatabases]
    public async Task Replicates_reach_a_rung_together_and_are_stopped_together(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var search = await SearchSimulation.LaunchAsync(world, SearchSimulation.Document("method: random, trials: 6, seed: 1, stopping: { reduction: 2, first: 100, spared: 0, least: 2 }", replicates: 2));
        var claimed = new List<(Contracts.Workers.RunAssigned Assigned, Journal Journal)>();
        for (var slot = 0; slot < 4; slot++)
        {
            claimed.Add((await search.ClaimAsync(slot))!.Value);
            await claimed[slot].Journal.ShipAsync();
        }

        // The better trial first, so that the other one falls behind it.
        var better = SearchSimulation.Value(claimed[0].Assigned.Specification, 100) < SearchSimulation.Value(claimed[2].Assigned.Specification, 100) ? 0 : 1;
        var worse = 1 - better;
        var order = claimed.Skip(better * 2).Take(2).Concat(claimed.Skip(worse * 2).Take(2)).ToList();
        var reported = new List<int>();
        foreach (var (assigned, journal) in order)
        {
            await SearchSimulation.EvaluateAsync(assigned, journal, 100);
            await search.AdvanceAsync();
            reported.Add((await search.EntriesAsync()).Count(entry => entry is LedgerEntry.Reported));
        }

        // One replicate at the rung says nothing yet.
        Assert.Equal([0, 1, 1, 2], reported);
        var reports = (await search.EntriesAsync()).OfType<LedgerEntry.Reported>().ToList();
        Assert.Equal([better, worse], reports.Select(report => report.Trial));
        Assert.Equal(order.Take(2).Average(run => SearchSimulation.Value(run.Assigned.Specification, 100)), reports[0].Value, 10);
        Assert.Equal([worse], (await search.EntriesAsync()).OfType<LedgerEntry.Decided>().Where(decided => decided.Decision.Outcome == CatchUp.Search.Stopping.RungOutcome.Prune).Select(decided => decided.Trial));
        var runs = await world.ReadAsync(context => context.Runs.Where(run => run.Trial == worse).ToListAsync(Cancellation));
        Assert.Equal([(OrderKind.Cancel, RunState.Pruned), (OrderKind.Cancel, RunState.Pruned)], runs.Select(run => (run.PendingOrder, run.AfterPause!.Value)));

        // Its worker goes away before it could stop: it is pruned all the same, and one that had finished stays so.
        var members = claimed.Where(run => runs.Exists(member => member.Id == run.Assigned.RunId)).ToList();
        await members[0].Journal.Ended(AttemptOutcome.Lost, 120).ShipAsync();
        await members[1].Journal.Ended(AttemptOutcome.Completed, 300).ShipAsync();
        Assert.Equal(RunState.Pruned, (await world.SummaryAsync(members[0].Assigned.RunId)).State);
        Assert.Equal(RunState.Completed, (await world.SummaryAsync(members[1].Assigned.RunId)).State);
        await search.AdvanceAsync();
        Assert.True((await search.Store.VerifyAsync(search.Sweep, Cancellation))!.Holds);
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_trial_that_waits_at_a_rung_is_paused_and_goes_on_when_others_show_that_it_is_good(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var search = await SearchSimulation.LaunchAsync(world, SearchSimulation.Document("method: random, trials: 6, seed: 1, stopping: { reduction: 2, first: 100, spared: 0, waits: true }"));

        // The first at a rung has nobody to be better than.
        var first = (await search.RunOneAsync())!.Value;
        var summary = await world.SummaryAsync(first);
        Assert.Equal(RunState.Paused, summary.State);
        Assert.StartsWith("Waits at rung 1 of steps (100)", summary.Cause, StringComparison.Ordinal);

        // Resumed by hand it waits on: what decides is the search.
        await world.Runs.ResumeAsync(first, Cancellation);
        await search.AdvanceAsync();
        Assert.Equal(RunState.Paused, (await world.SummaryAsync(first)).State);

        var ran = new List<long>();
        while (await search.RunOneAsync() is { } run)
        {
            ran.Add(run);
        }

        Assert.Contains(ran, run => ran.Count(other => other == run) > 1 || run == first);
        var states = await search.StatesAsync();
        Assert.Equal(6, states.GetValueOrDefault(RunState.Pruned) + states.GetValueOrDefault(RunState.Completed));
        Assert.True(states[RunState.Completed] >= 1 && states[RunState.Pruned] >= 1);
        Assert.True((await search.Store.VerifyAsync(search.Sweep, Cancellation))!.Holds);
    }

    [Theory]
    [OnBothDatabases]
    public async Task Failed_trials_are_tried_again_and_replaced_as_the_file_says(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var search = await SearchSimulation.LaunchAsync(world, SearchSimulation.Document("method: random, trials: 10, failed: { retries: 1, replace: true }"));
        var trials = await world.ReadAsync(context => context.Runs.ToDictionaryAsync(run => run.Id, run => run.Trial, Cancellation));
        var tried = new Dictionary<long, int>();

        // Trial 0 fails once, trial 1 always.
        while (await search.RunOneAsync(null, assigned => (tried[assigned.RunId] = tried.GetValueOrDefault(assigned.RunId) + 1) > 0 && (trials.GetValueOrDefault(assigned.RunId, 9) == 1 || (trials.GetValueOrDefault(assigned.RunId, 9) == 0 && tried[assigned.RunId] == 1))) is not null)
        {
        }

        var all = (await search.Store.TrialsAsync(search.Sweep, 0, 100, Cancellation))!.Items;
        Assert.Equal((11, 10), (all.Count, all.Count(trial => trial.State == SearchTrialState.Finished)));
        Assert.Equal((SearchTrialState.Finished, 1), (all[0].State, all[0].Failures));
        Assert.Equal((SearchTrialState.Failed, 2), (all[1].State, all[1].Failures));
        Assert.Contains("It diverged.", all[1].Failure, StringComparison.Ordinal);
        Assert.Contains(await world.Runs.EventsAsync(trials.Single(pair => pair.Value == 0).Key, Cancellation), entry => entry.Cause.StartsWith("Tried again by the search (trial 1, attempt 2)", StringComparison.Ordinal));
        Assert.True((await search.Store.VerifyAsync(search.Sweep, Cancellation))!.Holds);

        // A trial read by itself is the trial of the list.
        foreach (var trial in all)
        {
            Assert.Equivalent(trial, await search.Store.TrialAsync(search.Sweep, trial.Trial, Cancellation), strict: true);
        }

        Assert.Null(await search.Store.TrialAsync(search.Sweep, 11, Cancellation));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Pausing_cancelling_and_resuming_a_sweep_hold_its_search_and_let_it_go(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var search = await SearchSimulation.LaunchAsync(world, SearchSimulation.Document("method: random, trials: 20"));
        var sweeps = world.Get<SweepStore>();
        await sweeps.PauseAsync(search.Sweep, Cancellation);
        await world.Runs.CancelAsync((await world.ReadAsync(context => context.Runs.Select(run => run.Id).OrderBy(id => id).FirstAsync(Cancellation))), Cancellation);
        await search.AdvanceAsync();
        Assert.Equal("Paused: nothing more is proposed until the sweep is resumed.", (await search.Store.FindAsync(search.Sweep, Cancellation))!.Standing);
        Assert.Equal(8, (await search.StatesAsync()).Values.Sum());

        // Who cancels a trial does not want it tried again; another takes its place.
        await sweeps.ResumeAsync(search.Sweep, Cancellation);
        await search.AdvanceAsync();
        Assert.Equal(8, (await search.StatesAsync())[RunState.Queued]);

        await sweeps.CancelAsync(search.Sweep, Cancellation);
        await search.AdvanceAsync();
        await search.AdvanceAsync();
        Assert.Equal([RunState.Cancelled], (await search.StatesAsync()).Keys);
        Assert.Empty(await world.Get<SearchCoordinator>().OpenAsync(null, Cancellation));
        Assert.Equal("Cancelled: nothing more is tried until the sweep is resumed.", (await search.Store.FindAsync(search.Sweep, Cancellation))!.Standing);

        await sweeps.ResumeAsync(search.Sweep, Cancellation);
        Assert.Equal([search.Sweep], await world.Get<SearchCoordinator>().OpenAsync(null, Cancellation));
        await search.AdvanceAsync();
        Assert.Equal(8, (await search.StatesAsync())[RunState.Queued]);
        Assert.True((await search.Store.VerifyAsync(search.Sweep, Cancellation))!.Holds);
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_search_is_extended_and_narrowed_and_no_result_is_added_by_hand(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var search = await SearchSimulation.LaunchAsync(world, SearchSimulation.Document("method: random, trials: 3"));
        while (await search.RunOneAsync() is not null)
        {
        }

        var store = search.Store;
        var extended = await store.ExtendAsync(search.Sweep, 2, Cancellation);
        Assert.Equal((CommandResult.Accepted, "The sweep has 5 trials now, 2 more than before."), (extended.Result, extended.Message));
        Assert.Equal(5, (await world.Get<SweepStore>().FindAsync(search.Sweep, Cancellation))!.Summary.Trials);
        Assert.Equal(2, (await search.StatesAsync())[RunState.Queued]);
        Assert.Equal(CommandResult.Refused, (await store.ExtendAsync(search.Sweep, 200_000, Cancellation)).Result);
        Assert.Equal(CommandResult.Refused, (await store.ExtendAsync(search.Sweep, 0, Cancellation)).Result);
        Assert.Equal(CommandResult.NotFound, (await store.ExtendAsync(999, 1, Cancellation)).Result);

        var (narrowed, none) = await store.NarrowAsync(search.Sweep, "space:\n  optimizer.learningRate: { logUniform: [1e-4, 1e-2] }\n  ema.warmup: [true]", Cancellation);
        Assert.Equal((CommandResult.Accepted, 0), (narrowed.Result, none.Count));
        await store.ExtendAsync(search.Sweep, 6, Cancellation);
        Assert.All((await store.TrialsAsync(search.Sweep, 5, 100, Cancellation))!.Items, trial =>
        {
            Assert.InRange(double.Parse(trial.Parameters["optimizer.learningRate"], System.Globalization.CultureInfo.InvariantCulture), 1e-4, 1e-2);
            Assert.Equal("true", trial.Parameters["ema.warmup"]);
        });
        var (wider, _) = await store.NarrowAsync(search.Sweep, "space:\n  optimizer.learningRate: { logUniform: [1e-4, 1] }\n  ema.warmup: [true]", Cancellation);
        Assert.Equal(CommandResult.Refused, wider.Result);
        Assert.Contains("reaches beyond the space before", wider.Message, StringComparison.Ordinal);
        var (bad, problems) = await store.NarrowAsync(search.Sweep, "space:\n  optimizer.learningRate: { logUniform: [1, 1e-4] }", Cancellation);
        Assert.Equal((CommandResult.Refused, 2), (bad.Result, problems[0].Line));

        // A run that is tried again after its trial has its end adds nothing, whatever it measures.
        var before = (await search.EntriesAsync()).Count;
        var ended = (await world.ReadAsync(context => context.Runs.Where(run => run.State == RunState.Completed).OrderBy(run => run.Id).FirstAsync(Cancellation))).Id;
        await world.ExecuteAsync($"UPDATE runs SET state = 'Failed' WHERE id = {ended}");
        await search.AdvanceAsync();
        Assert.Equal(before, (await search.EntriesAsync()).Count);
        Assert.True((await store.VerifyAsync(search.Sweep, Cancellation))!.Holds);

        // What was changed in the table by hand is found.
        await world.ExecuteAsync("UPDATE search_entries SET line = REPLACE(line, '\"kind\":\"random\"', '\"kind\":\"grid\"') WHERE number = 2");
        var verification = (await store.VerifyAsync(search.Sweep, Cancellation))!;
        Assert.Equal((false, 2L), (verification.Holds, verification.Mismatch));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Several_objectives_have_a_front(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var search = await SearchSimulation.LaunchAsync(world, SearchSimulation.Document("method: tpe, trials: 8, startup: 3, objectives: [{ metric: fid, nfe: [1, 4], over: area }, { metric: gpu-hours }]"));
        while (await search.RunOneAsync() is not null)
        {
            world.Time.Advance(TimeSpan.FromMinutes(1));
        }

        var report = (await search.Store.FindAsync(search.Sweep, Cancellation))!;
        Assert.Equal(["area under fid · euler · NFE 1, 4", "GPU-hours"], report.Objectives);
        Assert.NotEmpty(report.Front);
        Assert.Equal(report.Best!.Trial, report.Front[0].Trial);
        Assert.All(report.Front, trial => Assert.Equal(2, trial.Values!.Count));
        Assert.True((await search.Store.VerifyAsync(search.Sweep, Cancellation))!.Holds);
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_plain_grid_has_no_search(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var run = (await world.QueueAsync(2))[0];
        var sweep = (await world.SummaryAsync(run)).SweepId!.Value;
        var store = world.Get<SearchStore>();
        Assert.Null(await store.FindAsync(sweep, Cancellation));
        Assert.Null(await store.VerifyAsync(sweep, Cancellation));
        Assert.Null(await store.LedgerAsync(sweep, 1, 10, Cancellation));
        Assert.Equal(CommandResult.Refused, (await store.ExtendAsync(sweep, 1, Cancellation)).Result);
    }

    [Theory]
    [OnBothDatabases]
    public async Task Two_servers_take_turns_and_each_reads_only_what_the_other_wrote(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var search = await SearchSimulation.LaunchAsync(world, SearchSimulation.Document("method: tpe, trials: 30, seed: 3, startup: 5, stopping: { reduction: 2, first: 100, spared: 0.2 }"));
        SearchCoordinator[] servers = [New(world), New(world)];
        var looks = 0;
        while (looks < 20)
        {
            await search.RunOneAsync(() => servers[looks++ % 2].AdvanceAsync(search.Sweep, Cancellation));
        }

        // Both have read the beginning before, and only who begins now needs it.
        var beginning = (await search.Store.LedgerAsync(search.Sweep, 1, 1, Cancellation))![0];
        await world.ExecuteAsync("UPDATE search_entries SET line = 'torn' WHERE number = 1");
        await search.RunOneAsync(() => servers[looks++ % 2].AdvanceAsync(search.Sweep, Cancellation));
        await servers[looks % 2].AdvanceAsync(search.Sweep, Cancellation);
        await Assert.ThrowsAsync<System.Text.Json.JsonException>(() => New(world).AdvanceAsync(search.Sweep, Cancellation));
        await world.ExecuteAsync($"UPDATE search_entries SET line = '{beginning}' WHERE number = 1");

        while (await search.RunOneAsync(() => servers[looks++ % 2].AdvanceAsync(search.Sweep, Cancellation)) is not null)
        {
        }

        var verification = (await search.Store.VerifyAsync(search.Sweep, Cancellation))!;
        Assert.True(verification.Holds, verification.Message);
        Assert.Equal(30, (await search.Store.FindAsync(search.Sweep, Cancellation))!.States.Values.Sum());
    }

    [Theory]
    [OnBothDatabases]
    public async Task Two_servers_at_the_same_moment_write_one_ledger(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var search = await SearchSimulation.LaunchAsync(world, SearchSimulation.Document("method: sobol, trials: 24"));
        SearchCoordinator[] servers = [New(world), New(world)];
        while (await search.RunOneAsync(() => Task.WhenAll(servers.Select(server => Task.Run(() => server.AdvanceAsync(search.Sweep, Cancellation), Cancellation)))) is not null)
        {
        }

        Assert.Equal(new Dictionary<RunState, int> { [RunState.Completed] = 24 }, await search.StatesAsync());
        Assert.Equal((48, true), ((await search.EntriesAsync()).Count, (await search.Store.VerifyAsync(search.Sweep, Cancellation))!.Holds));
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_sweep_whose_ledger_is_in_use_keeps_no_other_waiting(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (large, small) = (await SearchSimulation.LaunchAsync(world, SearchSimulation.Document("method: random, trials: 12")), await SearchSimulation.LaunchAsync(world, SearchSimulation.Document("method: random, trials: 12")));
        var coordinator = world.Get<SearchCoordinator>();
        using var release = new SemaphoreSlim(0);
        var started = new TaskCompletionSource();
        var reading = Task.Run(
            () => coordinator.ReadAsync(large.Sweep, (_, _, _) =>
            {
                started.SetResult();
                release.Wait(Cancellation);
                return true;
            }, Cancellation),
            Cancellation);
        await started.Task;

        await small.AdvanceAsync().WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        var same = large.AdvanceAsync();
        Assert.False(same.IsCompleted);

        release.Release();
        Assert.True(await reading);
        await same;
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_ledger_of_several_pieces_is_read_whole(DatabaseKind kind)
    {
        const int Trials = 11_000;
        await using var world = await TestWorld.CreateAsync(kind);
        var search = await SearchSimulation.LaunchAsync(world, SearchSimulation.Document($"method: random, trials: {Trials + 10}"));
        var sweep = await world.ReadAsync(context => context.Sweeps.SingleAsync(Cancellation));
        var specification = SearchSpecification.FromJson(sweep.Search!);
        var ledger = SearchLedger.Replay(specification.ReadSpace(), specification.Rules, await search.EntriesAsync());
        while (ledger.History.Trials.Count < Trials && ledger.Next() is LedgerEntry.Proposed proposed)
        {
            ledger.Finish(proposed.Trial, [proposed.Trial]);
        }

        await world.Get<Tracking.Database.TrackingDatabase>().WriteAsync(
            context =>
            {
                context.SearchEntries.AddRange(ledger.Take().Select(entry => new SearchEntryEntity
                {
                    SweepId = sweep.Id, Number = entry.Number, Trial = entry is LedgerEntry.Proposed proposed ? proposed.Trial : ((LedgerEntry.Finished)entry).Trial, Line = entry.ToLine(), At = 1,
                }));
                return Task.FromResult(0);
            },
            Cancellation);

        var report = (await search.Store.FindAsync(search.Sweep, Cancellation))!;
        Assert.Equal((ledger.Length, Trials - 8, 8), (report.Entries, report.States[SearchTrialState.Finished], report.States[SearchTrialState.Pending]));
        Assert.Equal((8, "Drawn at random."), (report.Best!.Trial, report.Best.Reason));
        var verification = (await search.Store.VerifyAsync(search.Sweep, Cancellation))!;
        Assert.Equal((true, ledger.Length), (verification.Holds, verification.Entries));
        var page = (await search.Store.TrialsAsync(search.Sweep, Trials - 2, 100, Cancellation))!;
        Assert.Equal(Trials, page.Total);
        Assert.Equal([Trials - 2, Trials - 1], page.Items.Select(trial => trial.Trial));
    }

    /// <summary>The simulation's sweep with a full evaluation of 500 images after gates of 50 and 200.</summary>
    private static string WithGates(string search, int replicates = 1) =>
        SearchSimulation.Document(search, replicates: replicates).Replace("samples: 500 }", "samples: 500, gates: [50, 200] }", StringComparison.Ordinal);

    private static SearchCoordinator New(TestWorld world) => new(world.Get<Tracking.Database.TrackingDatabase>(), world.Get<TrackingNews>(), world.Time);

    /// <summary>Lets every transaction that writes into the ledger fail at its end, or no longer.</summary>
    private static async Task BreakAsync(TestWorld world, DatabaseKind kind, bool broken)
    {
        string[] statements = (kind, broken) switch
        {
            (DatabaseKind.Sqlite, true) => ["CREATE TRIGGER dies BEFORE INSERT ON search_entries BEGIN SELECT RAISE(ABORT, 'the process died'); END"],
            (DatabaseKind.Sqlite, false) => ["DROP TRIGGER dies"],
            (_, true) =>
            [
                "CREATE OR REPLACE FUNCTION dies() RETURNS trigger AS 'BEGIN RAISE EXCEPTION ''the process died''; END' LANGUAGE plpgsql",
                "CREATE TRIGGER dies BEFORE INSERT ON search_entries FOR EACH ROW EXECUTE FUNCTION dies()",
            ],
            _ => ["DROP TRIGGER dies ON search_entries"],
        };
        foreach (var statement in statements)
        {
            await world.ExecuteAsync(statement);
        }
    }
}
