using CatchUp.Tracking.Database;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Evaluations;

/// <summary>Keeps a run's best evaluation by its sweep's objective beside the run, so that lists can sort by it.</summary>
internal static class BestEvaluation
{
    /// <summary>Looks for it anew. The evaluations must have been written.</summary>
    public static async Task UpdateAsync(CatchUpContext context, RunEntity run, CancellationToken cancellation)
    {
        var sweep = await context.Sweeps.AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == run.SweepId, cancellation);
        EvaluationEntity? best = null;
        if (sweep is { ObjectiveMetric: { } metric, ObjectiveNfe: { } nfe })
        {
            var head = sweep.ObjectiveHead ?? 1;
            var solver = sweep.ObjectiveSolver;
            var evaluations = await context.Evaluations.AsNoTracking()
                .Where(e => e.RunId == run.Id && e.Metric == metric && e.Nfe == nfe && e.Head == head && e.Kind == PointKind.Finite)
                .ToListAsync(cancellation);
            evaluations.RemoveAll(e => solver is not null && !string.Equals(e.Solver, solver, StringComparison.OrdinalIgnoreCase));

            // Unlike fingerprints are not ranked together: the latest measurement's kind counts.
            var fingerprint = evaluations.MaxBy(e => e.Id)?.Fingerprint;
            var comparable = evaluations.Where(e => e.Fingerprint == fingerprint).OrderBy(e => e.Id);
            best = sweep.ObjectiveGoal == SweepGoal.Maximize ? comparable.MaxBy(e => e.Value) : comparable.MinBy(e => e.Value);
        }

        run.BestEvaluationId = best?.Id;
        run.BestValue = best?.Value;
    }
}
