using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Tests.Support;
using CatchUp.Tracking.Workers;

namespace CatchUp.Tracking.Tests.Queue;

public sealed class RestartPolicyTests
{
    [Theory, OnBothDatabases]
    public async Task Rule_on_the_log_keeps_the_run_from_the_worker_and_says_why(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var run = await QueueAsync(world, new LogRule("ECC error", LogAction.ExcludeWorker));
        await world.BeatAsync(null, null);
        await Fail(world, run, 1, "GPU 0: uncorrectable ECC error at 0x1f\nsecond line");

        var summary = await world.SummaryAsync(run);
        Assert.Equal(RunState.Queued, summary.State);
        Assert.Contains("every worker that could make it is excluded from it (test-worker)", summary.Cause, StringComparison.Ordinal);
        var exclusion = Assert.Single((await world.Runs.FindAsync(run, TestWorld.Cancellation))!.Exclusions);
        Assert.Equal(("test-worker", 1), (exclusion.Worker, exclusion.Attempt));
        Assert.Contains("GPU 0: uncorrectable ECC error at 0x1f", exclusion.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("second line", exclusion.Reason, StringComparison.Ordinal);
        Assert.Null(await world.ClaimAsync());
        Assert.NotNull(await world.ClaimAsync(world.Request(1) with { Worker = "another", Incarnation = Guid.NewGuid() }));
    }

    [Theory, OnBothDatabases]
    public async Task Lifted_exclusions_let_the_worker_have_the_run_again(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var run = await QueueAsync(world, new LogRule("ECC", LogAction.ExcludeWorker));
        await Fail(world, run, 1, "ECC");
        Assert.Null(await world.ClaimAsync());

        await world.Runs.LiftExclusionsAsync(run, TestWorld.Cancellation);

        Assert.Equal(run, (await world.ClaimAsync())!.RunId);
        Assert.Empty((await world.Runs.FindAsync(run, TestWorld.Cancellation))!.Exclusions);
    }

    [Theory, OnBothDatabases]
    public async Task Rule_to_retry_queues_a_run_that_would_have_failed_but_not_for_ever(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var run = await QueueAsync(world, new RestartPolicy { Lost = 2, OnLog = [new("connection reset", LogAction.Retry)] });

        await Fail(world, run, 1, "connection reset by peer");
        await Fail(world, run, 2, "connection reset by peer");
        Assert.Equal(RunState.Queued, (await world.SummaryAsync(run)).State);
        await Fail(world, run, 3, "connection reset by peer");

        var summary = await world.SummaryAsync(run);
        Assert.Equal((RunState.Failed, FailureKind.Rule), (summary.State, summary.Failure));
    }

    [Theory, OnBothDatabases]
    public async Task Rule_to_fail_ends_a_run_that_would_have_been_tried_again(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var run = await QueueAsync(world, new LogRule("illegal memory access", LogAction.Fail));

        var attempt = (await world.ClaimAsync())!.Attempt;
        await new Journal(world, run, attempt).Started().Line("CUDA: an illegal memory access was encountered").Ended(AttemptOutcome.Lost, cause: "The trainer crashed.", exitCode: 134).ShipAsync();

        var summary = await world.SummaryAsync(run);
        Assert.Equal((RunState.Failed, FailureKind.Rule), (summary.State, summary.Failure));
        Assert.Contains("illegal memory access", summary.Cause, StringComparison.Ordinal);
        Assert.NotNull(summary.Advice);
    }

    [Theory, OnBothDatabases]
    public async Task Rule_looks_at_its_own_attempt_alone_and_also_at_the_cause(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var run = await QueueAsync(world, new LogRule("flaky", LogAction.Retry));
        await Fail(world, run, 1, "flaky");
        await world.ClaimAsync();
        await new Journal(world, run, 2).Started().Ended(AttemptOutcome.Failed, cause: "Something else.").ShipAsync();
        Assert.Equal(RunState.Failed, (await world.SummaryAsync(run)).State);

        await world.Runs.RetryAsync(run, fromZero: false, TestWorld.Cancellation);
        await world.ClaimAsync();
        await new Journal(world, run, 3).Started().Ended(AttemptOutcome.Failed, cause: "It was flaky again.").ShipAsync();
        Assert.Equal(RunState.Queued, (await world.SummaryAsync(run)).State);
    }

    [Theory, OnBothDatabases]
    public async Task Policy_of_a_sweep_says_how_often_a_run_may_be_lost(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var run = await QueueAsync(world, new RestartPolicy { Lost = 0 });

        await world.ClaimAsync();
        await new Journal(world, run, 1).Started().Ended(AttemptOutcome.Lost, cause: "Gone.").ShipAsync();

        var summary = await world.SummaryAsync(run);
        Assert.Equal((RunState.Failed, FailureKind.Lost), (summary.State, summary.Failure));
    }

    [Theory, OnBothDatabases]
    public async Task Full_disk_is_tried_on_another_worker_where_there_is_one(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(2);
        await EndDiskFullAsync(world);
        var alone = await world.SummaryAsync(runs[0]);
        Assert.Equal((RunState.Failed, FailureKind.DiskFull), (alone.State, alone.Failure));
        Assert.Contains("Free space", alone.Advice, StringComparison.Ordinal);

        await world.Get<Heartbeats>().ReceiveAsync(
            new() { Worker = "another", Incarnation = Guid.NewGuid(), Slots = [new() { Capabilities = new() { Datasets = ["synthetic"] } }] }, TestWorld.Cancellation);
        await EndDiskFullAsync(world);

        Assert.Equal(RunState.Queued, (await world.SummaryAsync(runs[1])).State);
        Assert.Null(await world.ClaimAsync());
        Assert.Equal(runs[1], (await world.ClaimAsync(world.Request() with { Worker = "another", Incarnation = Guid.NewGuid() }))!.RunId);
    }

    [Theory, OnBothDatabases]
    public async Task Failure_whose_kind_is_known_fails_at_once_with_advice_what_to_change(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        foreach (var (failure, word) in new[] { (FailureKind.OutOfMemory, "batchSize"), (FailureKind.NonFinite, "learningRate"), (FailureKind.Configuration, "specification") })
        {
            var (run, journal) = await world.RunningAsync();
            await journal.Started().Add(new AttemptEnded { Outcome = AttemptOutcome.Failed, Failure = failure, Cause = "It broke." }).ShipAsync();
            var summary = await world.SummaryAsync(run);
            Assert.Equal((RunState.Failed, failure), (summary.State, summary.Failure));
            Assert.Contains(word, summary.Advice, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("ECC error", null)]
    [InlineData("GPU \\d+ has fallen off", null)]
    [InlineData("(unclosed", "at character 9 of the pattern")]
    [InlineData("a{2,1}", "at character 6 of the pattern")]
    [InlineData("(?=ahead)", "linear time")]
    [InlineData("(a)\\1", "linear time")]
    [InlineData("((a{100}){100}){100}", "linear time")]
    [InlineData(".*", "matches every line")]
    [InlineData("", "1 to 200 characters")]
    public void Pattern_is_checked_before_it_is_stored(string pattern, string? problem)
    {
        var found = RestartPolicy.Problem(pattern);

        if (problem is null)
        {
            Assert.Null(found);
        }
        else
        {
            Assert.Contains(problem, found, StringComparison.Ordinal);
        }
    }

    private static Task<long> QueueAsync(TestWorld world, params LogRule[] rules) => QueueAsync(world, new RestartPolicy { OnLog = rules });

    private static async Task<long> QueueAsync(TestWorld world, RestartPolicy policy) => (await world.QueueAsync(change: sweep => sweep.Restarts = policy.ToJson()))[0];

    private static async Task Fail(TestWorld world, long run, int attempt, string line)
    {
        Assert.Equal((run, attempt), (await world.ClaimAsync()) is { } assigned ? (assigned.RunId, assigned.Attempt) : default);
        await new Journal(world, run, attempt).Started().Line("all is well").Line(line, LogLevelName.Error).Ended(AttemptOutcome.Failed, cause: "It broke.").ShipAsync();
    }

    private static async Task EndDiskFullAsync(TestWorld world)
    {
        var assigned = await world.ClaimAsync();
        await new Journal(world, assigned!.RunId, assigned.Attempt).Started().Add(new AttemptEnded { Outcome = AttemptOutcome.Failed, Failure = FailureKind.DiskFull, Cause = "The disk was full." }).ShipAsync();
    }
}
