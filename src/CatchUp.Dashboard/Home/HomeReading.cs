using CatchUp.Contracts.Runs;
using CatchUp.Tracking;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;
using CatchUp.Tracking.Workers;

namespace CatchUp.Dashboard.Home;

/// <summary>Reads what the home page shows, which is the same for everybody, once for all who look at it.</summary>
internal sealed class HomeReading
{
    /// <summary>Ended runs that are listed at the most.</summary>
    public const int Ended = 8;

    private readonly SharedRead<HomeContents> _contents;

    public HomeReading(RunStore runs, SweepStore sweeps, QueueStore queue, WorkerStore workers) => _contents = new(() => ReadAsync(runs, sweeps, queue, workers));

    public Task<HomeContents> ReadAsync(CancellationToken cancellation) => _contents.ReadAsync(cancellation);

    private static async Task<HomeContents> ReadAsync(RunStore runs, SweepStore sweeps, QueueStore queue, WorkerStore workers)
    {
        // All at once: a busy server answers each of them late, but not one after the other.
        Task<Page<RunSummary>> List(RunQuery query) => runs.ListAsync(query, CancellationToken.None);
        var open = sweeps.ListAsync(null, archived: false, 0, 5, CancellationToken.None);
        var running = List(new RunQuery { States = [RunState.Running], Descending = false, Limit = 8 });
        var failed = List(new RunQuery { States = [RunState.Failed], Sort = RunTerm.Named("updated"), Limit = 5 });
        var ended = List(new RunQuery { States = [RunState.Completed, RunState.Pruned], Sort = RunTerm.Named("updated"), Limit = Ended });
        var paused = List(new RunQuery { States = [RunState.Paused], Limit = 1 });
        var waiting = queue.ListAsync(0, 6, CancellationToken.None);
        var here = workers.ListAsync(CancellationToken.None);
        await Task.WhenAll(open, running, failed, ended, paused, waiting, here);
        var contents = new HomeContents((await open).Items, await running, await failed, (await ended).Items, (await paused).Total, await waiting, await here, Empty: false);
        return (await open).Total + contents.Running.Total + contents.Failed.Total + (await ended).Total + contents.Paused + contents.Waiting.Total > 0
            ? contents
            : contents with { Empty = (await List(new RunQuery { Limit = 1 })).Total == 0 };
    }
}
