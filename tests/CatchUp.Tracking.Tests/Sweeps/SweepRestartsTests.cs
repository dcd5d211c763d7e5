using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Sweeps;
using CatchUp.Tracking.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Sweeps;

public sealed class SweepRestartsTests
{
    private const string Head = "name: x\nbase: { preset: fashion-tiny }\nschedule:\n  priority: 1\n  restarts:\n";

    [Theory, OnBothDatabases]
    public async Task Restarts_of_a_file_are_stored_with_the_sweep(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);

        var (accepted, refused) = await world.Get<SweepIntake>().SubmitAsync(
            new() { RequestId = Guid.NewGuid(), Document = Head + "    lost: 3\n    onLog: [{ match: \"ECC error\", action: exclude-worker }, { match: oops, action: fail }]\n" }, TestWorld.Cancellation);

        Assert.Null(refused);
        var policy = RestartPolicy.Parse(await world.ReadAsync(context => context.Sweeps.Where(sweep => sweep.Id == accepted!.SweepId).Select(sweep => sweep.Restarts).SingleAsync(TestWorld.Cancellation)));
        Assert.Equal(3, policy.Lost);
        Assert.Equal([new LogRule("ECC error", LogAction.ExcludeWorker), new LogRule("oops", LogAction.Fail)], policy.OnLog);
        Assert.Equal(1, await world.ReadAsync(context => context.Runs.Where(run => run.State == RunState.Queued).Select(run => run.Priority).FirstAsync(TestWorld.Cancellation)));
    }

    [Theory]
    [InlineData("    lost: -1\n", "schedule.restarts.lost", 6, "from 0 to 100")]
    [InlineData("    lost: many\n", "schedule.restarts.lost", 6, "whole number")]
    [InlineData("    onlog: []\n", "schedule.restarts.onlog", 6, "Did you mean onLog?")]
    [InlineData("    onLog: oops\n", "schedule.restarts.onLog", 6, "a list of 1 to 20 rules")]
    [InlineData("    onLog:\n      - match: \"(oops\"\n        action: fail\n", "schedule.restarts.onLog[0].match", 7, "at character 5 of the pattern")]
    [InlineData("    onLog:\n      - match: oops\n        action: exclude-workers\n", "schedule.restarts.onLog[0].action", 8, "Did you mean exclude-worker?")]
    [InlineData("    onLog:\n      - action: fail\n", "schedule.restarts.onLog[0]", 7, "needs match")]
    public void Restarts_that_cannot_be_are_refused_with_their_place(string restarts, string path, int line, string words)
    {
        var problem = Assert.Single(new SweepPlanner().Check(Head + restarts).Problems);

        Assert.Equal((path, line), (problem.Path, problem.Line));
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }
}
