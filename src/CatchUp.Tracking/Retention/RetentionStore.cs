using System.Globalization;
using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Journal;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Retention;

/// <summary>Keeps checkpoints and snapshots by policy: says what would go, and lets it go.</summary>
public sealed class RetentionStore
{
    private readonly TrackingDatabase _database;
    private readonly ArtifactDirectory _artifacts;
    private readonly TrackingNews _news;
    private readonly TrackingOptions _options;
    private readonly TimeProvider _time;

    internal RetentionStore(TrackingDatabase database, ArtifactDirectory artifacts, TrackingNews news, TrackingOptions options, TimeProvider time)
        => (_database, _artifacts, _news, _options, _time) = (database, artifacts, news, options, time);

    /// <summary>Where the disk goes and what applying the policies would free. Changes nothing.</summary>
    public Task<StorageOverview> LookAsync(CancellationToken cancellation) => _database.ReadAsync(
        async context =>
        {
            var samples = (await Sql.ListAsync(
                context,
                "SELECT f.sweep_id, SUM(f.bytes) FROM (SELECT r.sweep_id, s.sha256, s.bytes FROM samples s JOIN runs r ON r.id = s.run_id UNION SELECT r.sweep_id, p.sha256, p.bytes FROM sample_pictures p JOIN samples s ON s.id = p.sample_id JOIN runs r ON r.id = s.run_id) f GROUP BY f.sweep_id",
                row => (Sweep: row.GetInt64(0), Bytes: Convert.ToInt64(row.GetValue(1), CultureInfo.InvariantCulture)), cancellation)).ToDictionary(sweep => sweep.Sweep, sweep => sweep.Bytes);
            var (storages, free, kept) = (new List<SweepStorage>(), new List<CheckpointEntity>(), new HashSet<string>(StringComparer.Ordinal));
            foreach (var sweep in await context.Sweeps.OrderBy(s => s.Id).ToListAsync(cancellation))
            {
                var facts = await RetentionFacts.ReadAsync(context, sweep, _options, null, cancellation);
                var going = facts.Free(_artifacts).ToList();
                var ids = going.Select(c => c.Id).ToHashSet();
                kept.UnionWith(facts.All.Where(c => !ids.Contains(c.Id)).Select(c => c.Sha256));
                free.AddRange(going);
                if (facts.All.Any() || samples.ContainsKey(sweep.Id))
                {
                    storages.Add(new SweepStorage(
                        sweep.Id, sweep.Name, sweep.Project, RetentionPolicy.Words(RetentionFacts.PolicyOf(sweep, _options)), sweep is { RetentionKeepAll: false, RetentionLast: null, RetentionBest: null },
                        facts.All.Count(c => !c.Removed), BytesOf(facts.All), samples.GetValueOrDefault(sweep.Id), going.Count, BytesOf(going)));
                }
            }

            var total = await Sql.NumberAsync(
                context, "SELECT SUM(f.bytes) FROM (SELECT sha256, MAX(bytes) AS bytes FROM (SELECT sha256, bytes FROM samples UNION ALL SELECT sha256, bytes FROM sample_pictures UNION ALL SELECT sha256, bytes FROM checkpoints UNION ALL SELECT sha256, bytes FROM report_images) a GROUP BY sha256) f", cancellation);
            return new StorageOverview(RetentionPolicy.Words(_options.Retention), total ?? 0, [.. storages.OrderByDescending(sweep => sweep.Bytes).ThenBy(sweep => sweep.SweepId)], await PlanAsync(context, free, kept, cancellation));
        },
        cancellation);

    /// <summary>Lets go what the policies let go, a transaction a run.</summary>
    public async Task<RetentionPlan> ApplyAsync(CancellationToken cancellation)
    {
        var sweeps = await _database.ReadAsync(context => context.Sweeps.OrderBy(sweep => sweep.Id).ToListAsync(cancellation), cancellation);
        var total = new RetentionPlan(0, 0, 0, 0, []);
        foreach (var sweep in sweeps.Where(sweep => RetentionFacts.PolicyOf(sweep, _options) is not null))
        {
            var runs = await _database.ReadAsync(
                async context => (await RetentionFacts.ReadAsync(context, sweep, _options, null, cancellation)).Free(_artifacts).Select(c => c.RunId).Distinct().ToList(), cancellation);
            foreach (var run in runs)
            {
                var freed = await ApplyAsync(run, cancellation);
                total = new RetentionPlan(
                    total.Runs + freed.Runs, total.Checkpoints + freed.Checkpoints, total.Bytes + freed.Bytes, total.LostEvaluations + freed.LostEvaluations,
                    [.. total.Evaluations.Concat(freed.Evaluations).Take(RetentionPlan.MostListed)]);
            }
        }

        return total;
    }

    /// <summary>A pinned checkpoint stays whatever the policy says, until it is unpinned or its run is deleted.</summary>
    public async Task<CommandOutcome> PinAsync(long run, long checkpoint, bool pinned, CancellationToken cancellation)
    {
        var (outcome, sweep) = await _database.WriteAsync(
            async context =>
            {
                if (await _database.LockRunAsync(context, run, cancellation) is not { } entity)
                {
                    return (new CommandOutcome(CommandResult.NotFound, $"There is no run {run}."), 0);
                }

                if (await context.Checkpoints.AsTracking().FirstOrDefaultAsync(c => c.Id == checkpoint && c.RunId == run && !c.Removed, cancellation) is not { } file)
                {
                    return (new CommandOutcome(CommandResult.NotFound, $"Run {run} has no checkpoint {checkpoint}; it may have been freed meanwhile."), 0);
                }

                file.Pinned = pinned;
                return (new CommandOutcome(CommandResult.Accepted, pinned ? "Pinned: it is kept whatever the retention policy says." : "Unpinned: the retention policy decides again."), entity.SweepId);
            },
            cancellation);
        if (outcome.Result == CommandResult.Accepted)
        {
            await _news.RunDataArrivedAsync(run, sweep);
        }

        return outcome;
    }

    private async Task<RetentionPlan> ApplyAsync(long run, CancellationToken cancellation)
    {
        var (freed, sweep, released) = await _database.WriteAsync(
            async context =>
            {
                // Looked at again under the run's lock: it may be queued again, or have a new child, since it was chosen.
                if (await _database.LockRunAsync(context, run, cancellation) is not { } entity)
                {
                    return (new RetentionPlan(0, 0, 0, 0, []), 0L, new List<string>());
                }

                var owner = await context.Sweeps.AsNoTracking().FirstAsync(s => s.Id == entity.SweepId, cancellation);
                var facts = await RetentionFacts.ReadAsync(context, owner, _options, run, cancellation);
                var going = facts.Free(_artifacts).ToList();
                if (going.Count == 0)
                {
                    return (new RetentionPlan(0, 0, 0, 0, []), 0L, new List<string>());
                }

                var ids = going.ConvertAll(c => c.Id);
                var plan = await PlanAsync(context, going, facts.All.Where(c => !ids.Contains(c.Id)).Select(c => c.Sha256).ToHashSet(StringComparer.Ordinal), cancellation);
                await context.Checkpoints.Where(c => ids.Contains(c.Id)).ExecuteDeleteAsync(cancellation);
                var policy = RetentionPolicy.Words(RetentionFacts.PolicyOf(owner, _options));
                RunHistory.Note(context, entity, $"Freed by retention ({policy}): {string.Join(", ", going.OrderBy(c => c.Type).GroupBy(c => c.Type).Select(Words))}.", _time.GetUtcNow().UtcTicks);
                return (plan, entity.SweepId, going.ConvertAll(c => c.Sha256));
            },
            cancellation);
        if (freed.Checkpoints == 0)
        {
            return freed;
        }

        var bytes = await ReleasedArtifacts.DeleteAsync(_database, _artifacts, released, cancellation);
        await _news.RunDataArrivedAsync(run, sweep);
        return freed with { Bytes = bytes };
    }

    private static string Words(IGrouping<CheckpointKind, CheckpointEntity> files)
    {
        var steps = files.Select(c => c.Step).Distinct().Order().ToList();
        var kind = files.Key == CheckpointKind.Snapshot ? "snapshot" : "checkpoint";
        var listed = string.Join(", ", steps.Take(10).Select(step => step.ToString(CultureInfo.InvariantCulture)));
        return steps.Count == 1 ? $"the {kind} of step {listed}" : $"{steps.Count} {kind}s of steps {listed}{(steps.Count > 10 ? " …" : "")}";
    }

    /// <param name="context">To read with.</param>
    /// <param name="free">Rows that go.</param>
    /// <param name="kept">Hashes of checkpoints that are known to stay.</param>
    /// <param name="cancellation">Gives up.</param>
    private async Task<RetentionPlan> PlanAsync(CatchUpContext context, List<CheckpointEntity> free, HashSet<string> kept, CancellationToken cancellation)
    {
        var (bytes, ids) = (0L, free.Select(c => c.Id).ToHashSet());
        foreach (var chunk in free.Where(c => !kept.Contains(c.Sha256)).Select(c => c.Sha256).Distinct().Chunk(500))
        {
            var others = await context.Checkpoints.Where(c => chunk.Contains(c.Sha256)).Select(c => new { c.Id, c.Sha256 }).ToListAsync(cancellation);
            var shared = others.Where(c => !ids.Contains(c.Id)).Select(c => c.Sha256).Concat(await context.Samples.Where(s => chunk.Contains(s.Sha256)).Select(s => s.Sha256).ToListAsync(cancellation)).ToHashSet(StringComparer.Ordinal);
            bytes += BytesOf(free.Where(c => chunk.Contains(c.Sha256) && !shared.Contains(c.Sha256) && _artifacts.Contains(c.Sha256)));
            kept.UnionWith(shared);
        }

        var (lost, first) = (0, new List<LostEvaluation>());
        foreach (var chunk in free.Where(c => c.Type == CheckpointKind.Snapshot && !kept.Contains(c.Sha256)).Chunk(500))
        {
            var (runs, files) = (chunk.Select(c => c.RunId).Distinct().ToList(), chunk.Select(c => c.Sha256).ToList());
            var evaluations = await context.Evaluations.Where(e => runs.Contains(e.RunId) && e.Gate == 0 && files.Contains(e.SnapshotSha256)).OrderBy(e => e.Id)
                .Select(e => new { e.RunId, e.Step, e.Solver, e.Nfe, e.Head, e.Metric, e.Extractor, e.Samples, e.Value, Name = context.Runs.Where(run => run.Id == e.RunId).Select(run => run.Name).First() })
                .ToListAsync(cancellation);
            lost += evaluations.Count;
            first.AddRange(evaluations.Take(RetentionPlan.MostListed - first.Count)
                .Select(e => new LostEvaluation(e.RunId, e.Name, e.Step, e.Solver, e.Nfe, e.Head, MetricLabel.Of(e.Metric, e.Extractor, e.Samples), e.Value)));
        }

        return new RetentionPlan(free.Select(c => c.RunId).Distinct().Count(), free.Count, bytes, lost, first);
    }

    private static long BytesOf(IEnumerable<CheckpointEntity> files) => files.GroupBy(c => c.Sha256).Sum(file => file.Max(c => c.Bytes));
}
