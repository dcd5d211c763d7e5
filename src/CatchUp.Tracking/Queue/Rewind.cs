using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CatchUp.Tracking.Queue;

/// <summary>Takes a run back to the last step it can be resumed from, as if what came after had never been.</summary>
internal static class Rewind
{
    /// <param name="Checkpoint">Where the attempt goes on; null: from the beginning.</param>
    /// <param name="Released">Artifacts whose rows were removed.</param>
    public sealed record Result(CheckpointReference? Checkpoint, IReadOnlyList<string> Released);

    public static async Task<Result> ToSafeCheckpointAsync(CatchUpContext context, DatabaseDialect dialect, ArtifactDirectory artifacts, RunEntity run, long now, CancellationToken cancellation)
    {
        var checkpoints = await context.Checkpoints.AsNoTracking()
            .Where(c => c.RunId == run.Id && c.Type == CheckpointKind.Checkpoint)
            .OrderByDescending(c => c.Step).ThenByDescending(c => c.Id)
            .ToListAsync(cancellation);

        // A row means that the journal entry is stored; safe is what also has its file here.
        var safe = checkpoints.Find(checkpoint => artifacts.Contains(checkpoint.Sha256));
        await LostTime.RecordAsync(context, run, safe, cancellation);
        var (removed, released) = await RemoveBeyondAsync(context, dialect, run.Id, safe?.Step ?? -1, cancellation);
        var step = safe?.Step ?? 0;
        if (removed || run.Step > step)
        {
            RunHistory.Note(context, run, $"rewound {run.Step} → {step}", now);
            run.Step = step;
            run.LastLoss = await LastLossAsync(context, run.Id, cancellation);
            await BestEvaluation.UpdateAsync(context, run, cancellation);
        }

        return new Result(safe is null ? null : new CheckpointReference(safe.Step, safe.Sha256, safe.Bytes), released);
    }

    /// <summary>Takes a run back to its beginning, but for what was measured of the machine.</summary>
    /// <returns>Artifacts whose rows were removed.</returns>
    public static async Task<IReadOnlyList<string>> ToZeroAsync(CatchUpContext context, DatabaseDialect dialect, RunEntity run, CancellationToken cancellation)
    {
        var (_, released) = await RemoveBeyondAsync(context, dialect, run.Id, -1, cancellation);
        (run.Step, run.LastLoss, run.BestEvaluationId, run.BestValue) = (0, null, null, null);
        return released;
    }

    private static async Task<(bool Removed, List<string> Released)> RemoveBeyondAsync(CatchUpContext context, DatabaseDialect dialect, long run, long step, CancellationToken cancellation)
    {
        var removed = false;
        var metrics = await Sql.ListAsync(
            context,
            "SELECT m.id, m.name FROM metrics m WHERE m.id IN (SELECT b.metric_id FROM buckets b WHERE b.run_id = @run AND b.level = @level)",
            row => (Id: row.GetInt32(0), Name: row.GetString(1)),
            cancellation,
            ("@run", run), ("@level", Rollup.Levels));
        foreach (var (metric, name) in metrics)
        {
            // Measurements of the machine lie on an axis of seconds and remain true.
            if (!MetricName.IsSystem(name) && await Sql.ExecuteAsync(
                context, "DELETE FROM points WHERE run_id = @run AND metric_id = @metric AND step > @step", cancellation, ("@run", run), ("@metric", metric), ("@step", step)) > 0)
            {
                removed = true;
                await CutBucketsAsync(context, dialect, run, metric, step, cancellation);
            }
        }

        List<string> released =
        [
            .. await context.Samples.Where(s => s.RunId == run && s.Step > step).Select(s => s.Sha256).ToListAsync(cancellation),
            .. await context.SamplePictures.Where(p => context.Samples.Any(s => s.Id == p.SampleId && s.RunId == run && s.Step > step)).Select(p => p.Sha256).ToListAsync(cancellation),
            .. await context.Checkpoints.Where(c => c.RunId == run && c.Step > step).Select(c => c.Sha256).ToListAsync(cancellation),
        ];
        await context.Samples.Where(s => s.RunId == run && s.Step > step).ExecuteDeleteAsync(cancellation);
        await context.Checkpoints.Where(c => c.RunId == run && c.Step > step).ExecuteDeleteAsync(cancellation);
        var evaluations = await context.Evaluations.Where(e => e.RunId == run && e.Step > step).ExecuteDeleteAsync(cancellation);
        return (removed || released.Count > 0 || evaluations > 0, released);
    }

    /// <summary>At every stored level drops the buckets beyond the step and makes the one it lies in anew from the one below.</summary>
    private static async Task CutBucketsAsync(CatchUpContext context, DatabaseDialect dialect, long run, int metric, long step, CancellationToken cancellation)
    {
        var connection = context.Database.GetDbConnection();
        var transaction = context.Database.CurrentTransaction!.GetDbTransaction();
        for (var level = Rollup.Lowest; level <= Rollup.Levels; level += Rollup.Apart)
        {
            var cut = step < 0 ? 0 : step / Rollup.Width(level);
            await Sql.ExecuteAsync(
                context, "DELETE FROM buckets WHERE run_id = @run AND level = @level AND metric_id = @metric AND bucket >= @cut", cancellation,
                ("@run", run), ("@level", level), ("@metric", metric), ("@cut", cut));
            var bucket = Rollup.Empty(run, level, metric, cut);
            if (level == Rollup.Lowest)
            {
                var points = await Sql.ListAsync(
                    context, "SELECT step, value FROM points WHERE run_id = @run AND metric_id = @metric AND step BETWEEN @from AND @to", row => (Step: row.GetInt64(0), Value: Sql.Double(row, 1)), cancellation,
                    ("@run", run), ("@metric", metric), ("@from", cut * Rollup.Width(level)), ("@to", ((cut + 1) * Rollup.Width(level)) - 1));
                points.ForEach(point => Rollup.Add(bucket, point.Step, point.Value));
            }
            else
            {
                var (below, first, last) = (level - Rollup.Apart, cut * Rollup.StoredFan, (cut * Rollup.StoredFan) + Rollup.StoredFan - 1);
                var parts = await context.Buckets.AsNoTracking()
                    .Where(b => b.RunId == run && b.Level == below && b.MetricId == metric && b.Bucket >= first && b.Bucket <= last)
                    .ToListAsync(cancellation);
                parts.ForEach(part => Rollup.Add(bucket, part));
            }

            if (bucket.Count > 0)
            {
                await dialect.WriteBucketsAsync(connection, transaction, run, [bucket], cancellation);
            }
        }
    }

    private static async Task<double?> LastLossAsync(CatchUpContext context, long run, CancellationToken cancellation)
    {
        var losses = await Sql.ListAsync(
            context,
            "SELECT p.value FROM points p WHERE p.run_id = @run AND p.metric_id = (SELECT id FROM metrics WHERE name = @name) ORDER BY p.step DESC LIMIT 1",
            row => Sql.Double(row, 0), cancellation, ("@run", run), ("@name", MetricName.Loss));
        return losses.Count == 0 ? null : losses[0];
    }
}
