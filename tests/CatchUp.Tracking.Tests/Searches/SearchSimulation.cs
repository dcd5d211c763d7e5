using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Sweeps;
using CatchUp.Contracts.Workers;
using CatchUp.Search.Ledger;
using CatchUp.Tracking.Searches;
using CatchUp.Tracking.Sweeps;
using CatchUp.Tracking.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Searches;

/// <summary>A searching sweep in a world of its own, and a worker with as many slots as are asked for that trains nothing but measures a function of the configuration.</summary>
internal sealed class SearchSimulation(TestWorld world, long sweep)
{
    private static CancellationToken Cancellation => TestWorld.Cancellation;

    public long Sweep => sweep;

    public SearchStore Store => world.Get<SearchStore>();

    /// <summary>Of 300 steps; evaluated every 100.</summary>
    public static string Document(string search, string more = "", int replicates = 1, int maxParallel = 4) => $$"""
        name: searching
        project: tests
        base: { preset: fashion-tiny, data: { dataset: synthetic }, training: { iterations: 300 } }
        space:
          optimizer.learningRate: { logUniform: [1e-5, 1e-1] }
          ema.warmup: [true, false]
        search: { {{search}} }
        evaluation: { every: 100, nfe: [1, 4], samples: 500 }
        replicates: {{replicates}}
        schedule: { maxParallel: {{maxParallel}} }
        {{more}}
        """;

    public static async Task<SearchSimulation> LaunchAsync(TestWorld world, string document)
    {
        var (accepted, refused) = await world.Get<SweepIntake>().SubmitAsync(new SubmitSweep { RequestId = Guid.NewGuid(), Document = document }, Cancellation);
        Assert.True(accepted is not null, string.Join(" | ", refused?.Problems ?? []));
        return new SearchSimulation(world, accepted.SweepId);
    }

    /// <summary>Better near 1e-3, and the more steps the better.</summary>
    public static double Value(RunSpecification run, int step) => (10 * Math.Abs(Math.Log10(run.Optimizer.LearningRate) + 3)) + (run.Ema.Warmup ? 0 : 1) + (run.Seed * 0.5) + (300.0 / step);

    public Task AdvanceAsync() => world.Get<SearchCoordinator>().AdvanceAsync(sweep, Cancellation);

    public async Task<(RunAssigned Assigned, Journal Journal)?> ClaimAsync(int slot = 0) =>
        await world.ClaimAsync(world.Request(slot)) is { } assigned ? (assigned, new Journal(world, assigned.RunId, assigned.Attempt).Started()) : null;

    /// <summary>Evaluates at both NFEs of a step and ships it.</summary>
    public static async Task EvaluateAsync(RunAssigned run, Journal journal, int step)
    {
        var value = Value(run.Specification, step);
        await journal.Evaluation(step, value + 5, nfe: 1).Evaluation(step, value).ShipAsync();
    }

    /// <summary>Evaluates at both NFEs of a gate and ships it.</summary>
    public static async Task GateAsync(RunAssigned run, Journal journal, int gate)
    {
        var value = GateValue(run.Specification, gate);
        await journal.Evaluation(300, value + 5, nfe: 1, gate: gate).Evaluation(300, value, gate: gate).ShipAsync();
    }

    /// <summary>Fewer images make every FID larger.</summary>
    public static double GateValue(RunSpecification run, int gate) => Value(run, 300) + (1000.0 / gate);

    /// <summary>Claims a run and takes it as far as it may go, looking after the search at every evaluation.</summary>
    /// <returns>The run; null when there was none.</returns>
    public async Task<long?> RunOneAsync(Func<Task>? look = null, Func<RunAssigned, bool>? fails = null)
    {
        look ??= AdvanceAsync;
        if (await ClaimAsync() is not var (assigned, journal))
        {
            return null;
        }

        if (fails?.Invoke(assigned) == true)
        {
            await journal.Ended(AttemptOutcome.Failed, 1, "It diverged.").ShipAsync();
            await look();
            return assigned.RunId;
        }

        List<(int Step, int Gate)> evaluations = [(100, 0), (200, 0), .. assigned.Specification.Evaluation.Gates.Select(gate => (300, gate)), (300, 0)];
        foreach (var (step, gate) in evaluations)
        {
            await (gate == 0 ? EvaluateAsync(assigned, journal, step) : GateAsync(assigned, journal, gate));
            await look();
            if ((await world.ReadAsync(context => context.Runs.SingleAsync(run => run.Id == assigned.RunId, Cancellation))).PendingOrder is var order and not OrderKind.Continue)
            {
                await journal.Ended(order == OrderKind.Pause ? AttemptOutcome.Paused : AttemptOutcome.Cancelled, step).ShipAsync();
                await look();
                return assigned.RunId;
            }
        }

        await journal.Ended(AttemptOutcome.Completed, 300).ShipAsync();
        await look();
        return assigned.RunId;
    }

    public async Task<List<LedgerEntry>> EntriesAsync() => [.. (await Store.LedgerAsync(sweep, 1, int.MaxValue, Cancellation))!.Select(LedgerEntry.FromLine)];

    public Task<Dictionary<RunState, int>> StatesAsync() => world.ReadAsync(context => context.Runs.Where(run => run.SweepId == sweep).GroupBy(run => run.State).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, Cancellation));
}
