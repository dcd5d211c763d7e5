using CatchUp.Tracking;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;
using CatchUp.Tracking.Workers;

namespace CatchUp.Dashboard.Home;

/// <param name="Sweeps">The newest.</param>
/// <param name="Ended">Completed and pruned runs, the latest first.</param>
/// <param name="Paused">How many runs are paused.</param>
/// <param name="Empty">Nothing was ever launched.</param>
internal sealed record HomeContents(
    IReadOnlyList<SweepSummary> Sweeps, Page<RunSummary> Running, Page<RunSummary> Failed, IReadOnlyList<RunSummary> Ended, int Paused, Page<QueueEntry> Waiting, IReadOnlyList<WorkerSummary> Workers, bool Empty);
