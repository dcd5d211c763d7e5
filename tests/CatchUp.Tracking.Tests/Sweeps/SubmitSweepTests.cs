using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Sweeps;
using CatchUp.Tracking.Tests.Support;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Sweeps;

public sealed class SubmitSweepTests
{
    private const string Document = """
        name: orders
        project: tests
        base: { preset: fashion-tiny, seed: 5, data: { dataset: synthetic }, training: { iterations: 300 } }
        space:
          objective: [{ kind: rectified-flow }, { kind: catch-up, order: rk23 }]
        replicates: 2
        schedule: { priority: 7, maxParallel: 3 }
        """;

    [Theory]
    [OnBothDatabases]
    public async Task A_submitted_sweep_is_stored_with_its_runs_queued(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var accepted = await AcceptAsync(world, new SubmitSweep { RequestId = Guid.NewGuid(), Document = Document, Owner = "ada" });

        Assert.Equal((4, false), (accepted.Runs, accepted.AlreadyKnown));
        var sweep = await world.ReadAsync(context => context.Sweeps.SingleAsync(TestWorld.Cancellation));
        Assert.Equal(("orders", "tests", "ada", 2, 2, 7, 3), (sweep.Name, sweep.Project, sweep.Owner, sweep.Trials, sweep.Replicates, sweep.Priority, sweep.MaxParallel));
        Assert.Equal(("fid", "euler", 4, 1), (sweep.ObjectiveMetric, sweep.ObjectiveSolver, sweep.ObjectiveNfe, sweep.ObjectiveHead));
        Assert.Equal("[\"objective.kind\",\"objective.order\"]", sweep.SweptKeys);
        var runs = await world.ReadAsync(context => context.Runs.OrderBy(run => run.Id).ToListAsync(TestWorld.Cancellation));
        Assert.Equal(["orders/rectified-flow-s5", "orders/rectified-flow-s6", "orders/catch-up-rk23-s5", "orders/catch-up-rk23-s6"], runs.Select(run => run.Name));
        Assert.Equal([(0, 0, 5), (0, 1, 6), (1, 0, 5), (1, 1, 6)], runs.Select(run => (run.Trial, run.Replicate, run.Seed)));
        Assert.All(runs, run => Assert.Equal((RunState.Queued, 300, 7, "synthetic", "tests", 0), (run.State, run.Steps, run.Priority, run.Dataset, run.Project, run.Attempt)));
        var specification = JsonSerializer.Deserialize<RunSpecification>(runs[3].Specification, ContractJson.Options)!;
        Assert.Equal((CatchUpOrder.Rk23, 6, "fashion-tiny"), (specification.Objective.Order, specification.Seed, specification.Preset));
        var history = await world.Runs.EventsAsync(runs[0].Id, TestWorld.Cancellation);
        Assert.Equal([(null, RunState.Queued)], history.Select(entry => ((RunState?)entry.From, entry.To)));

        // What was stored can be handed out.
        Assert.Equal(runs[0].Id, (await world.ClaimAsync())!.RunId);
        Assert.True(await world.Bus.Published.Any<RunsQueued>(message => message.Context.Message.Count == 4, TestWorld.Cancellation));
        Assert.True(await world.Bus.Published.Any<SweepChanged>(message => message.Context.Message.SweepId == sweep.Id, TestWorld.Cancellation));
    }

    [Theory]
    [OnBothDatabases]
    public async Task The_same_request_again_stores_nothing_again(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var request = new SubmitSweep { RequestId = Guid.NewGuid(), Document = Document };
        var first = await AcceptAsync(world, request);
        var again = await AcceptAsync(world, request with { Document = "name: other" });

        Assert.Equal((first.SweepId, first.Runs, true), (again.SweepId, again.Runs, again.AlreadyKnown));
        Assert.Equal(1, await world.ReadAsync(context => context.Sweeps.CountAsync(TestWorld.Cancellation)));
        Assert.Equal(4, await world.ReadAsync(context => context.Runs.CountAsync(TestWorld.Cancellation)));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Two_servers_with_the_same_request_store_one_sweep(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var intake = world.Get<CatchUp.Tracking.Sweeps.SweepIntake>();
        var request = new SubmitSweep { RequestId = Guid.NewGuid(), Document = Document };
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => intake.SubmitAsync(request, TestWorld.Cancellation))));

        Assert.Single(answers.Select(answer => answer.Accepted!.SweepId).Distinct());
        Assert.Single(answers, answer => !answer.Accepted!.AlreadyKnown);
        Assert.Equal(4, await world.ReadAsync(context => context.Runs.CountAsync(TestWorld.Cancellation)));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Runs_of_a_variant_start_from_the_matching_runs_of_the_variant_they_name(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        await AcceptAsync(world, new SubmitSweep
        {
            RequestId = Guid.NewGuid(),
            Document = """
                name: chain
                base: { preset: fashion-tiny, data: { dataset: synthetic } }
                variants:
                  - { name: alone }
                  - { name: teacher, objective: { kind: catch-up } }
                  - { name: student, objective: { kind: rectified-flow }, initialRun: { run: teacher } }
                space: { training.batchSize: [4, 8] }
                replicates: 2
                """,
        });

        var runs = await world.ReadAsync(context => context.Runs.OrderBy(run => run.Id).ToListAsync(TestWorld.Cancellation));
        Assert.Equal(12, runs.Count);
        var byName = runs.ToDictionary(run => run.Id, run => run.Name);
        Assert.Equal(
            [
                ("chain/student-bs4-s0", "chain/teacher-bs4-s0"), ("chain/student-bs4-s1", "chain/teacher-bs4-s1"),
                ("chain/student-bs8-s0", "chain/teacher-bs8-s0"), ("chain/student-bs8-s1", "chain/teacher-bs8-s1"),
            ],
            runs.Where(run => run.ParentRunId is not null).Select(run => (run.Name, byName[run.ParentRunId!.Value])));
    }

    [Fact]
    public async Task A_sweep_that_starts_from_a_run_that_is_not_there_is_refused()
    {
        await using var world = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        var answer = await world.Bus.GetRequestClient<SubmitSweep>().GetResponse<SweepAccepted, SweepRefused>(new SubmitSweep { RequestId = Guid.NewGuid(), Document = "name: x\nbase: { initialRun: { run: 7 } }" }, TestWorld.Cancellation);

        Assert.True(answer.Is(out Response<SweepRefused>? refused));
        Assert.Contains("no run 7", Assert.Single(refused.Message.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_sweep_stores_nothing_and_says_why()
    {
        await using var world = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        var answer = await world.Bus.GetRequestClient<SubmitSweep>().GetResponse<SweepAccepted, SweepRefused>(new SubmitSweep { RequestId = Guid.NewGuid(), Document = "name: x\nbase: { training: { iterations: -5 } }" }, TestWorld.Cancellation);

        Assert.True(answer.Is(out Response<SweepRefused>? refused));
        var problem = Assert.Single(refused.Message.Problems);
        Assert.Equal(("base.training.iterations", 2), (problem.Path, problem.Line));
        Assert.Equal(0, await world.ReadAsync(context => context.Sweeps.CountAsync(TestWorld.Cancellation)));
    }

    [Fact]
    public async Task A_request_without_an_id_is_refused()
    {
        await using var world = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        var answer = await world.Bus.GetRequestClient<SubmitSweep>().GetResponse<SweepAccepted, SweepRefused>(new SubmitSweep { Document = Document }, TestWorld.Cancellation);
        Assert.True(answer.Is(out Response<SweepRefused>? _));
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_large_sweep_is_stored_whole(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var document = $"name: large\nbase: {{ preset: fashion-tiny }}\nreplicates: 11\nspace:\n  training.iterations: [{string.Join(", ", Enumerable.Range(1, 187))}]";
        var accepted = await AcceptAsync(world, new SubmitSweep { RequestId = Guid.NewGuid(), Document = document });

        // 2,057 is no multiple of the rows of a statement.
        Assert.Equal(2057, accepted.Runs);
        Assert.Equal(2057, await world.ReadAsync(context => context.Runs.Select(run => run.Name).Distinct().CountAsync(TestWorld.Cancellation)));
        Assert.Equal(2057, await world.ReadAsync(context => context.RunEvents.CountAsync(TestWorld.Cancellation)));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task The_largest_sweep_there_may_be_is_stored_whole()
    {
        await using var world = await TestWorld.CreateAsync(DatabaseKind.Sqlite);
        var document = $"name: largest\nbase: {{ preset: fashion-tiny }}\nreplicates: 100\nspace:\n  training.iterations: [{string.Join(", ", Enumerable.Range(1, 1000))}]";
        var accepted = await AcceptAsync(world, new SubmitSweep { RequestId = Guid.NewGuid(), Document = document });

        Assert.Equal(100_000, accepted.Runs);
        Assert.Equal(100_000, await world.ReadAsync(context => context.Runs.CountAsync(run => run.State == RunState.Queued, TestWorld.Cancellation)));
        var store = world.Get<CatchUp.Tracking.Sweeps.SweepStore>();
        Assert.Equal("100,000 runs cancelled.", (await store.CancelAsync(accepted.SweepId, TestWorld.Cancellation)).Message);
        Assert.Equal(100_000, (await store.DeleteAsync(accepted.SweepId, TestWorld.Cancellation)).Freed.Runs);
        Assert.Equal(0, await world.ReadAsync(context => context.RunEvents.CountAsync(TestWorld.Cancellation)));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Names_of_any_kind_are_kept_as_they_are(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        const string Name = "<script>alert('1')</script> \"; DROP TABLE runs; -- 名前 😀";
        var accepted = await AcceptAsync(world, new SubmitSweep { RequestId = Guid.NewGuid(), Document = JsonSerializer.Serialize(new { name = Name, project = Name, owner = Name }) });
        var sweep = (await world.Get<CatchUp.Tracking.Sweeps.SweepStore>().FindAsync(accepted.SweepId, TestWorld.Cancellation))!.Summary;
        Assert.Equal((Name, Name, Name), (sweep.Name, sweep.Project, sweep.Owner));
        Assert.Equal(Name, (await world.Runs.ListAsync(new CatchUp.Tracking.Runs.RunQuery(), TestWorld.Cancellation)).Items[0].Name);
    }

    private static async Task<SweepAccepted> AcceptAsync(TestWorld world, SubmitSweep request)
    {
        // The largest sweep is one transaction of many seconds, and of minutes where the machine has other work: waited out by a test that fails only.
        var answer = await world.Bus.GetRequestClient<SubmitSweep>().GetResponse<SweepAccepted, SweepRefused>(request, TestWorld.Cancellation, RequestTimeout.After(m: 15));
        Assert.True(answer.Is(out Response<SweepAccepted>? accepted), answer.Is(out Response<SweepRefused>? refused) ? string.Join("; ", refused.Message.Problems) : "");
        return accepted!.Message;
    }
}
