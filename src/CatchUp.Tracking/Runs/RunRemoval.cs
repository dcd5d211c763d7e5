using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Database;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Runs;

/// <summary>Deletes runs with all that is only theirs.</summary>
internal sealed class RunRemoval(TrackingDatabase database, ArtifactDirectory artifacts)
{
    public Task<Deletion> PlanAsync(IReadOnlyList<long> runs, CancellationToken cancellation) => database.ReadAsync(
        async context =>
        {
            var total = new Deletion(0, 0, 0, 0, 0);
            var bytes = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var chunk in runs.Distinct().Chunk(500))
            {
                var counts = await CountAsync(context, chunk, cancellation);
                total = Sum(total, counts);
                foreach (var file in await FilesAsync(context, chunk, cancellation))
                {
                    bytes[file.Sha256] = file.Bytes;
                }
            }

            foreach (var chunk in bytes.Keys.ToList().Chunk(500))
            {
                foreach (var shared in await ReferencedByOthersAsync(context, chunk, runs, cancellation))
                {
                    bytes.Remove(shared);
                }
            }

            return total with { Bytes = bytes.Where(file => artifacts.Contains(file.Key)).Sum(file => file.Value) };
        },
        cancellation);

    /// <summary>Deletes one run; a run that is running stays.</summary>
    /// <returns>What went; null when nothing did.</returns>
    public async Task<(Deletion Freed, long Sweep)?> RemoveAsync(long run, CancellationToken cancellation)
    {
        var removed = await database.WriteAsync<(Deletion Counts, List<string> Released, long Sweep)?>(
            async context =>
            {
                if (await database.LockRunAsync(context, run, cancellation) is not { } entity || entity.State == RunState.Running)
                {
                    return null;
                }

                var counts = await CountAsync(context, [run], cancellation);
                var released = (await FilesAsync(context, [run], cancellation)).ConvertAll(file => file.Sha256);
                await Sql.ExecuteAsync(context, "DELETE FROM points WHERE run_id = @run", cancellation, ("@run", run));
                await Sql.ExecuteAsync(context, "DELETE FROM buckets WHERE run_id = @run", cancellation, ("@run", run));
                context.Runs.Remove(entity);
                return (counts, released, entity.SweepId);
            },
            cancellation);
        if (removed is not { } done)
        {
            return null;
        }

        var bytes = await ReleasedArtifacts.DeleteAsync(database, artifacts, done.Released, cancellation);
        return (done.Counts with { Bytes = bytes }, done.Sweep);
    }

    public static Deletion Sum(Deletion a, Deletion b)
        => new(a.Runs + b.Runs, a.Evaluations + b.Evaluations, a.SampleGrids + b.SampleGrids, a.Checkpoints + b.Checkpoints, a.Bytes + b.Bytes);

    private static async Task<Deletion> CountAsync(CatchUpContext context, long[] runs, CancellationToken cancellation) => new(
        await context.Runs.CountAsync(run => runs.Contains(run.Id), cancellation),
        await context.Evaluations.CountAsync(evaluation => runs.Contains(evaluation.RunId), cancellation),
        await context.Samples.CountAsync(sample => runs.Contains(sample.RunId), cancellation),
        await context.Checkpoints.CountAsync(checkpoint => runs.Contains(checkpoint.RunId), cancellation),
        0);

    private static async Task<List<(string Sha256, long Bytes)>> FilesAsync(CatchUpContext context, long[] runs, CancellationToken cancellation)
    {
        var samples = await context.Samples.Where(s => runs.Contains(s.RunId)).Select(s => new { s.Sha256, s.Bytes }).ToListAsync(cancellation);
        var pictures = await context.SamplePictures.Where(p => context.Samples.Any(s => s.Id == p.SampleId && runs.Contains(s.RunId))).Select(p => new { p.Sha256, p.Bytes }).ToListAsync(cancellation);
        var checkpoints = await context.Checkpoints.Where(c => runs.Contains(c.RunId)).Select(c => new { c.Sha256, c.Bytes }).ToListAsync(cancellation);
        return [.. samples.Concat(pictures).Concat(checkpoints).Select(file => (file.Sha256, file.Bytes))];
    }

    private static async Task<List<string>> ReferencedByOthersAsync(CatchUpContext context, string[] files, IReadOnlyList<long> runs, CancellationToken cancellation)
    {
        var going = runs.ToHashSet();
        var samples = await context.Samples.Where(s => files.Contains(s.Sha256)).Select(s => new { s.Sha256, s.RunId }).ToListAsync(cancellation);
        var pictures = await context.SamplePictures.Where(p => files.Contains(p.Sha256))
            .Join(context.Samples, picture => picture.SampleId, sample => sample.Id, (picture, sample) => new { picture.Sha256, sample.RunId }).ToListAsync(cancellation);
        var checkpoints = await context.Checkpoints.Where(c => files.Contains(c.Sha256)).Select(c => new { c.Sha256, c.RunId }).ToListAsync(cancellation);
        var reports = await context.ReportImages.Where(image => files.Contains(image.Sha256)).Select(image => image.Sha256).ToListAsync(cancellation);
        return [.. samples.Concat(pictures).Concat(checkpoints).Where(row => !going.Contains(row.RunId)).Select(row => row.Sha256), .. reports];
    }
}
