using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Tests.Support;
using MassTransit.Testing;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Runs;

public sealed class RunStoreTests
{
    [Theory, OnBothDatabases]
    public async Task Pause_resume_cancel_of_a_waiting_run_act_at_once(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var run = (await world.QueueAsync())[0];

        await ExpectAsync(world, run, store => store.PauseAsync(run, TestWorld.Cancellation), CommandResult.Accepted, RunState.Paused);
        Assert.Null(await world.ClaimAsync());
        await ExpectAsync(world, run, store => store.ResumeAsync(run, TestWorld.Cancellation), CommandResult.Accepted, RunState.Queued);
        await ExpectAsync(world, run, store => store.CancelAsync(run, TestWorld.Cancellation), CommandResult.Accepted, RunState.Cancelled);
        await ExpectAsync(world, run, store => store.PauseAsync(run, TestWorld.Cancellation), CommandResult.Refused, RunState.Cancelled);
        await ExpectAsync(world, run, store => store.ResumeAsync(run, TestWorld.Cancellation), CommandResult.Accepted, RunState.Queued);

        var history = await world.Runs.EventsAsync(run, TestWorld.Cancellation);
        Assert.Equal([RunState.Paused, RunState.Queued, RunState.Cancelled, RunState.Queued], history.Select(entry => entry.To));
        Assert.Equal([RunState.Queued, RunState.Paused, RunState.Queued, RunState.Cancelled], history.Select(entry => entry.From!.Value));
    }

    [Theory, OnBothDatabases]
    public async Task Pause_of_a_running_run_is_ordered_and_nudged(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();

        await ExpectAsync(world, run, store => store.PauseAsync(run, TestWorld.Cancellation), CommandResult.Accepted, RunState.Running);
        Assert.Equal(OrderKind.Pause, (await world.SummaryAsync(run)).Order);
        Assert.True(await world.Bus.Published.Any<AttemptOrder>(
            nudge => nudge.Context.Message is { Order: OrderKind.Pause, Attempt: 1 } order && order.RunId == run && order.Incarnation == world.Incarnation, TestWorld.Cancellation));
        await ExpectAsync(world, run, store => store.ResumeAsync(run, TestWorld.Cancellation), CommandResult.Refused, RunState.Running);

        await journal.Started().Ended(AttemptOutcome.Paused, 0).ShipAsync();
        var summary = await world.SummaryAsync(run);
        Assert.Equal((RunState.Paused, OrderKind.Continue), (summary.State, summary.Order));
    }

    [Theory, OnBothDatabases]
    public async Task Cancel_of_a_pausing_run_wins(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        await world.Runs.PauseAsync(run, TestWorld.Cancellation);
        await world.Runs.CancelAsync(run, TestWorld.Cancellation);
        await ExpectAsync(world, run, store => store.PauseAsync(run, TestWorld.Cancellation), CommandResult.Refused, RunState.Running);

        await journal.Ended(AttemptOutcome.Paused).ShipAsync();

        Assert.Equal(RunState.Cancelled, (await world.SummaryAsync(run)).State);
    }

    [Theory, OnBothDatabases]
    public async Task Completed_run_takes_no_more_commands(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, journal) = await world.RunningAsync();
        await journal.Ended(AttemptOutcome.Completed, 1000).ShipAsync();

        await ExpectAsync(world, run, store => store.PauseAsync(run, TestWorld.Cancellation), CommandResult.Refused, RunState.Completed);
        await ExpectAsync(world, run, store => store.ResumeAsync(run, TestWorld.Cancellation), CommandResult.Refused, RunState.Completed);
        await ExpectAsync(world, run, store => store.CancelAsync(run, TestWorld.Cancellation), CommandResult.Refused, RunState.Completed);
    }

    [Theory, OnBothDatabases]
    public async Task Commands_for_a_run_that_does_not_exist_say_so(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        Assert.Equal(CommandResult.NotFound, (await world.Runs.PauseAsync(4711, TestWorld.Cancellation)).Result);
        Assert.Equal(CommandResult.NotFound, (await world.Runs.RenameAsync(-1, "x", TestWorld.Cancellation)).Result);
        Assert.Equal(CommandResult.NotFound, (await world.Runs.DeleteAsync([4711], TestWorld.Cancellation)).Outcome.Result);
        Assert.Null(await world.Runs.FindAsync(long.MaxValue, TestWorld.Cancellation));
        Assert.Empty(await world.Runs.LogAsync(4711, 0, 10, TestWorld.Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task Several_runs_are_found_at_once_in_the_order_asked_for_with_what_each_has_of_its_own(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (first, journal) = await world.RunningAsync();
        await journal.Started().ShipAsync();
        var second = (await world.QueueAsync())[0];

        var found = await world.Runs.FindAsync([second, 999, first, second], TestWorld.Cancellation);

        Assert.Equal([second, first], found.Select(run => run.Summary.Id));
        Assert.Empty(found[0].Attempts);
        Assert.Equal(1, Assert.Single(found[1].Attempts).Number);
        Assert.Equal(RunState.Running, found[1].Summary.State);
        Assert.Empty(await world.Runs.FindAsync([], TestWorld.Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task Rename_takes_any_name_as_text_and_refuses_what_is_none(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var run = (await world.QueueAsync())[0];
        const string Name = "<script>alert('x')</script>; DROP TABLE runs; --";
        await ExpectAsync(world, run, store => store.RenameAsync(run, $"  {Name} ", TestWorld.Cancellation), CommandResult.Accepted, RunState.Queued);
        await ExpectAsync(world, run, store => store.RenameAsync(run, " ", TestWorld.Cancellation), CommandResult.Refused, RunState.Queued);
        await ExpectAsync(world, run, store => store.RenameAsync(run, "a\nb", TestWorld.Cancellation), CommandResult.Refused, RunState.Queued);
        await ExpectAsync(world, run, store => store.RenameAsync(run, new string('x', 10_000), TestWorld.Cancellation), CommandResult.Refused, RunState.Queued);
        Assert.Equal(Name, (await world.SummaryAsync(run)).Name);
    }

    [Theory, OnBothDatabases]
    public async Task List_searches_literally_in_names_projects_sweeps_and_ids(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var alpha = await world.QueueAsync(2, "Alpha_1");
        var beta = await world.QueueAsync(1, "beta%x");
        await world.Runs.RenameAsync(beta[0], "other", TestWorld.Cancellation);

        async Task<IEnumerable<long>> FindAsync(string text)
            => (await world.Runs.ListAsync(new RunQuery { Text = text, Descending = false }, TestWorld.Cancellation)).Items.Select(run => run.Id);

        Assert.Equal(alpha, await FindAsync("aLPHA_"));
        Assert.Equal(beta, await FindAsync("BETA%"));
        Assert.Empty(await FindAsync("a%a"));
        Assert.Empty(await FindAsync("'; DROP TABLE runs; --"));
        Assert.Empty(await FindAsync("\\"));
        Assert.Contains(alpha[1], await FindAsync($"#{alpha[1]}"));
        Assert.Equal(3, (await FindAsync("tests")).Count());
    }

    [Theory, OnBothDatabases]
    public async Task List_filters_sorts_and_pages(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(5);
        await world.ClaimAsync();
        await new Support.Journal(world, runs[0], 1).Losses(1, 3).ShipAsync();
        await world.Runs.PauseAsync(runs[1], TestWorld.Cancellation);
        await world.Runs.ArchiveAsync(runs[1], true, TestWorld.Cancellation);

        async Task<Page<RunSummary>> ListAsync(RunQuery query) => await world.Runs.ListAsync(query, TestWorld.Cancellation);

        Assert.Equal([runs[0]], (await ListAsync(new RunQuery { States = [RunState.Running, RunState.Failed] })).Items.Select(run => run.Id));
        Assert.Equal([runs[1]], (await ListAsync(new RunQuery { Archived = true })).Items.Select(run => run.Id));
        Assert.Equal([runs[0], runs[1]], (await ListAsync(new RunQuery { Ids = [runs[1], runs[0]], Descending = false })).Items.Select(run => run.Id));
        Assert.Equal(runs[0], (await ListAsync(new RunQuery { Sort = RunTerm.Named("loss"), Descending = true })).Items[0].Id);
        Assert.Equal(runs[0], (await ListAsync(new RunQuery { Sort = RunTerm.Named("loss"), Descending = false })).Items[0].Id);
        foreach (var field in RunField.All)
        {
            Assert.Equal(4, (await ListAsync(new RunQuery { Sort = RunTerm.Named(field.Name) })).Items.Select(run => run.Id).Distinct().Count());
        }

        var first = await ListAsync(new RunQuery { Limit = 3, Sort = RunTerm.Named("name"), Descending = false });
        var second = await ListAsync(new RunQuery { Limit = 3, Offset = int.Parse(first.Next!, null), Sort = RunTerm.Named("name"), Descending = false });
        Assert.Equal((4, 3, "3"), (first.Total, first.Items.Count, first.Next));
        Assert.Equal((1, null), (second.Items.Count, second.Next));
        Assert.Empty((await ListAsync(new RunQuery { Project = "none" })).Items);
    }

    [Theory, OnBothDatabases]
    public async Task Delete_frees_what_it_planned_and_leaves_what_others_share(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(2);
        await world.ClaimAsync(world.Request(0));
        await world.ClaimAsync(world.Request(1));
        var (own, ownBytes) = await world.StoreArtifactAsync([1, 2, 3, 4, 5]);
        var (shared, sharedBytes) = await world.StoreArtifactAsync([6, 7, 8]);
        await new Support.Journal(world, runs[0], 1).Started().Losses(1, 30).Samples(5, own, bytes: ownBytes).Checkpoint(5, shared, sharedBytes).Evaluation(5, 1).Line("x").ShipAsync();
        await new Support.Journal(world, runs[1], 1).Checkpoint(5, shared, sharedBytes).ShipAsync();

        Assert.Equal(CommandResult.Refused, (await world.Runs.DeleteAsync(runs, TestWorld.Cancellation)).Outcome.Result);
        await world.ShipAsync(runs[0], 1, new AttemptEnded { Number = 36, Outcome = AttemptOutcome.Cancelled });
        Assert.Equal(RunState.Cancelled, (await world.SummaryAsync(runs[0])).State);
        var plan = await world.Runs.PlanDeletionAsync([runs[0]], TestWorld.Cancellation);
        var (outcome, freed) = await world.Runs.DeleteAsync([runs[0], runs[0], 4711], TestWorld.Cancellation);

        Assert.Equal(CommandResult.Accepted, outcome.Result);
        Assert.Equal(new Deletion(1, 1, 1, 1, ownBytes), plan);
        Assert.Equal(plan, freed);
        Assert.False(world.Artifacts.Contains(own));
        Assert.True(world.Artifacts.Contains(shared));
        Assert.Null(await world.Runs.FindAsync(runs[0], TestWorld.Cancellation));
        Assert.NotNull(await world.Runs.FindAsync(runs[1], TestWorld.Cancellation));
        foreach (var table in new[] { "points", "buckets", "logs", "run_events", "attempts", "samples", "evaluations", "checkpoints" })
        {
            Assert.Equal((table, 0L), (table, await world.ReadAsync(context => Sql.NumberAsync(context, $"SELECT COUNT(*) FROM {table} WHERE run_id = {runs[0]}", TestWorld.Cancellation))));
        }

        Assert.NotNull((await world.ShipAsync(runs[0], 1)).Superseded);
    }

    [Fact]
    public async Task Command_on_a_database_locked_by_another_process_says_so_and_changes_nothing()
    {
        await using var world = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        var run = (await world.QueueAsync())[0];
        await using var other = await world.ContextAsync();
        await using (await other.Database.BeginTransactionAsync(TestWorld.Cancellation))
        {
            var outcome = await world.Runs.PauseAsync(run, TestWorld.Cancellation);
            Assert.Equal(CommandResult.Refused, outcome.Result);
            Assert.Contains("locked by another process", outcome.Message, StringComparison.Ordinal);
        }

        await ExpectAsync(world, run, store => store.PauseAsync(run, TestWorld.Cancellation), CommandResult.Accepted, RunState.Paused);
    }

    private static async Task ExpectAsync(TestWorld world, long run, Func<RunStore, Task<CommandOutcome>> command, CommandResult result, RunState state)
    {
        var outcome = await command(world.Runs);
        Assert.Equal((result, state), (outcome.Result, (await world.SummaryAsync(run)).State));
        Assert.NotEmpty(outcome.Message);
    }
}
