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
            best = Ranked(sweep, await context.Evaluations.AsNoTracking().Where(e => e.RunId == run.Id && e.Metric == metric && e.Nfe == nfe).ToListAsync(cancellation)).FirstOrDefault();
        }

        run.BestEvaluationId = best?.Id;
        run.BestValue = best?.Value;
    }

    /// <summary>Those of one run's evaluations that the sweep's objective is about, best first; of equal ones the first measured.</summary>
    public static IEnumerable<EvaluationEntity> Ranked(SweepEntity sweep, IReadOnlyList<EvaluationEntity> evaluations)
    {
        var (head, solver) = (sweep.ObjectiveHead ?? 1, sweep.ObjectiveSolver);
        var wanted = evaluations
            .Where(e => e.Metric == sweep.ObjectiveMetric && e.Nfe == sweep.ObjectiveNfe && e.Head == head && e.Gate == 0 && e.Kind == PointKind.Finite)
            .Where(e => solver is null || string.Equals(e.Solver, solver, StringComparison.OrdinalIgnoreCase))
            .ToList();

        // Unlike fingerprints are not ranked together: the latest measurement's kind counts.
        var fingerprint = wanted.MaxBy(e => e.Id)?.Fingerprint;
        var comparable = wanted.Where(e => e.Fingerprint == fingerprint);
        return (sweep.ObjectiveGoal == SweepGoal.Maximize ? comparable.OrderByDescending(e => e.Value) : comparable.OrderBy(e => e.Value)).ThenBy(e => e.Id);
    }
}
