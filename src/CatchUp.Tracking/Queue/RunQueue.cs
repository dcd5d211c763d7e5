using System.Globalization;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Queue;

/// <summary>Hands queued runs to free slots: each to one slot, and the same request the same run.</summary>
internal sealed class RunQueue(TrackingDatabase database, ArtifactDirectory artifacts, TrackingNews news, TrackingOptions options, TimeProvider time)
{
    /// <param name="Assigned">Null when there is nothing to do.</param>
    /// <param name="Reason">Why not, in a sentence.</param>
    public sealed record Claim(RunAssigned? Assigned, string? Reason);

    public async Task<Claim> ClaimAsync(RequestRun request, CancellationToken cancellation)
    {
        var (claim, run, released) = await database.WriteAsync(context => ClaimAsync(context, request, cancellation), cancellation);
        if (run is not null)
        {
            await ReleasedArtifacts.DeleteAsync(database, artifacts, released, cancellation);
            await news.RunStateChangedAsync(run.Id, run.SweepId);
            await news.WorkersChangedAsync(request.Incarnation);
        }

        return claim;
    }

    private async Task<(Claim Claim, RunEntity? Run, IReadOnlyList<string> Released)> ClaimAsync(CatchUpContext context, RequestRun request, CancellationToken cancellation)
    {
        if (database.Dialect.SerialiseClaims is { } serialise)
        {
            await Sql.ExecuteAsync(context, serialise, cancellation);
        }

        if (await AnsweredAsync(context, request, cancellation) is { } answered)
        {
            return (answered, null, []);
        }

        if (await TakeBestAsync(context, request, cancellation) is not var (run, initial))
        {
            return (new Claim(null, "No queued run fits this slot."), null, []);
        }

        var (id, now) = (run.Id, time.GetUtcNow().UtcTicks);
        var worker = CleanText.Line(request.Worker, 200);
        context.RunEvents.Add(new RunEventEntity
        {
            RunId = id, At = now, Attempt = run.Attempt, FromState = RunState.Queued, ToState = RunState.Running, Cause = $"Attempt {run.Attempt} was given to {worker}, slot {request.Slot}.",
        });
        run.Cause = null;
        run.Advice = null;
        run.EndedAt = null;
        run.UpdatedAt = now;

        var rewound = await Rewind.ToSafeCheckpointAsync(context, database.Dialect, artifacts, run, now, cancellation);
        var assigned = await AssignAsync(context, run, rewound.Checkpoint, initial, cancellation);
        context.Attempts.Add(new AttemptEntity
        {
            RunId = id,
            Number = run.Attempt,
            Worker = worker,
            Incarnation = request.Incarnation,
            Slot = request.Slot,
            Device = SlotDevice.Of(request.Capabilities),
            RequestId = request.RequestId,
            Assignment = JsonSerializer.Serialize(assigned, ContractJson.Options),
            LeaseExpiresAt = await Sql.NowAsync(context, database.Dialect, cancellation) + options.Lease.Ticks,
            Live = true,
            FromStep = rewound.Checkpoint?.Step ?? 0,
            LastStep = rewound.Checkpoint?.Step ?? 0,
            AssignedAt = now,
        });
        return (new Claim(assigned, null), run, rewound.Released);
    }

    /// <summary>What this request, or its slot, has been given already.</summary>
    private static async Task<Claim?> AnsweredAsync(CatchUpContext context, RequestRun request, CancellationToken cancellation)
    {
        var earlier = await context.Attempts.AsNoTracking().FirstOrDefaultAsync(attempt => attempt.RequestId == request.RequestId, cancellation);
        if (earlier is not null)
        {
            return earlier.Live
                ? new Claim(JsonSerializer.Deserialize<RunAssigned>(earlier.Assignment, ContractJson.Options), null)
                : new Claim(null, $"This request was answered with attempt {earlier.Number} of run {earlier.RunId}, which has ended.");
        }

        var holding = await context.Attempts.AsNoTracking()
            .FirstOrDefaultAsync(attempt => attempt.Live && attempt.Incarnation == request.Incarnation && attempt.Slot == request.Slot, cancellation);
        return holding is null ? null : new Claim(null, $"The slot still holds attempt {holding.Number} of run {holding.RunId}, until that ends or its lease runs out.");
    }

    /// <summary>The best run that can begin: one whose parent's weights are not in the artifact store yet is put back for now.</summary>
    private async Task<(RunEntity Run, InitialReference? Initial)?> TakeBestAsync(CatchUpContext context, RequestRun request, CancellationToken cancellation)
    {
        var putBack = new List<long>();
        while (await MarkBestAsync(context, request, putBack, cancellation) is { } id)
        {
            var run = await context.Runs.AsTracking().FirstAsync(r => r.Id == id, cancellation);
            if (run.ParentRunId is null)
            {
                return (run, null);
            }

            if (await InitialAsync(context, run, cancellation) is { } initial)
            {
                return (run, initial);
            }

            (run.State, run.Attempt) = (RunState.Queued, run.Attempt - 1);
            await context.SaveChangesAsync(cancellation);
            putBack.Add(id);
        }

        return null;
    }

    private async Task<InitialReference?> InitialAsync(CatchUpContext context, RunEntity run, CancellationToken cancellation)
    {
        var parent = await context.Runs.AsNoTracking().FirstAsync(r => r.Id == run.ParentRunId, cancellation);
        var step = Specification(run).InitialRun.Step;
        var snapshot = await context.Checkpoints.AsNoTracking()
            .Where(c => c.RunId == parent.Id && c.Type == CheckpointKind.Snapshot && !c.Removed && (step == 0 || c.Step == step))
            .OrderByDescending(c => c.Step).ThenByDescending(c => c.Id)
            .FirstOrDefaultAsync(cancellation);
        return snapshot is not null && artifacts.Contains(snapshot.Sha256) ? new InitialReference(parent.Id, snapshot.Step, snapshot.Sha256, snapshot.Bytes, Specification(parent)) : null;
    }

    private static RunSpecification Specification(RunEntity run) => JsonSerializer.Deserialize<RunSpecification>(run.Specification, ContractJson.Options)!;

    /// <summary>
    /// Marks the best run as running, in one statement. Best: highest priority; then the owner with the fewest running, then the sweep with the fewest running, so that
    /// a small sweep need not wait for all of a large one; then the order made by hand; then the oldest. Sweeps with queued runs are found by hopping from one to the
    /// next in the queue's own index, and of each only its first fitting run is looked at: a claim costs as much as there are waiting sweeps, not runs.
    /// </summary>
    private async Task<long?> MarkBestAsync(CatchUpContext context, RequestRun request, List<long> except, CancellationToken cancellation)
    {
        var slot = request.Capabilities;
        var demands = await Sql.ListAsync(context, "SELECT DISTINCT requires FROM sweeps WHERE requires IS NOT NULL", row => row.GetString(0), cancellation);
        var (fitting, fittingParameters) = Sql.In("fit", demands.Where(demand => SweepRequirements.Read(demand).Fits(slot)));
        var (datasets, datasetParameters) = Sql.In("dataset", slot.Datasets.Distinct().Take(1000));
        var (extractors, extractorParameters) = Sql.In("extractor", slot.Extractors.Distinct().Take(1000));
        var extractor = slot.Extractors.Count == 0 ? "" : $"AND (q.extractor IS NULL OR q.extractor IN {extractors})";
        var queued = database.Dialect.ByIndex("ix_runs_queued");
        return await Sql.NumberAsync(
            context,
            $"""
            WITH RECURSIVE waiting (id) AS (
              SELECT MIN(w.sweep_id) FROM runs w{queued} WHERE w.state = 'Queued'
              UNION ALL
              SELECT (SELECT MIN(w.sweep_id) FROM runs w{queued} WHERE w.state = 'Queued' AND w.sweep_id > waiting.id) FROM waiting WHERE waiting.id IS NOT NULL),
            busy (sweep_id, running) AS (
              SELECT b.sweep_id, COUNT(*) FROM runs b{database.Dialect.ByIndex("ix_runs_running")} WHERE b.state = 'Running' GROUP BY b.sweep_id),
            owners (owner, running) AS (
              SELECT COALESCE(s.owner, ''), SUM(busy.running) FROM busy JOIN sweeps s ON s.id = busy.sweep_id GROUP BY COALESCE(s.owner, ''))
            UPDATE runs SET state = 'Running', pending_order = 'Continue', after_pause = NULL, after_pause_cause = NULL, attempt = attempt + 1
            WHERE id = (
              SELECT r.id FROM waiting
              JOIN sweeps s ON s.id = waiting.id
              JOIN runs r ON r.id = (
                SELECT q.id FROM runs q{queued}
                WHERE q.sweep_id = s.id AND q.state = 'Queued' AND q.dataset IN {datasets} {extractor}
                  AND NOT EXISTS (SELECT 1 FROM run_exclusions x WHERE x.run_id = q.id AND x.worker = @worker) AND q.id NOT IN ({string.Join(", ", except.Prepend(0))})
                  AND (q.parent_run_id IS NULL OR EXISTS (
                    SELECT 1 FROM checkpoints c JOIN runs p ON p.id = c.run_id
                    WHERE p.id = q.parent_run_id AND c.type = 'Snapshot' AND NOT c.removed AND (p.state = 'Completed' OR q.kind = 'Evaluate')))
                ORDER BY q.priority DESC, q.position, q.id LIMIT 1)
              LEFT JOIN busy ON busy.sweep_id = s.id
              LEFT JOIN owners ON owners.owner = COALESCE(s.owner, '')
              WHERE r.state = 'Queued' AND NOT s.paused
                AND (s.max_parallel IS NULL OR COALESCE(busy.running, 0) < s.max_parallel)
                AND (s.window IS NULL OR (s.opens_at <= @now AND @now < s.closes_at))
                AND (s.deadline_at IS NULL OR @now < s.deadline_at)
                AND (s.requires IS NULL OR s.requires IN {fitting})
              ORDER BY r.priority DESC, COALESCE(owners.running, 0), COALESCE(busy.running, 0), r.position, r.id
              LIMIT 1{database.Dialect.LockRunOrSkip})
            RETURNING id
            """,
            cancellation,
            [("@now", time.GetUtcNow().UtcTicks), ("@worker", CleanText.Line(request.Worker, 200)), .. datasetParameters, .. fittingParameters, .. extractorParameters]);
    }

    private async Task<RunAssigned> AssignAsync(CatchUpContext context, RunEntity run, CheckpointReference? checkpoint, InitialReference? initial, CancellationToken cancellation)
    {
        var specification = Specification(run);
        if (initial is not null)
        {
            specification = specification with { InitialRun = specification.InitialRun with { Run = initial.Run.ToString(CultureInfo.InvariantCulture), Step = initial.Step } };
        }

        // What is stored at the step it goes on from; or, for an evaluation, at the step it evaluates.
        var (owner, step) = run.Kind == RunKind.Evaluate ? (initial?.Run, initial?.Step) : (run.Id, checkpoint?.Step);
        List<StoredResult> evaluations = [];
        List<StoredResult> samples = [];
        if (step is not null)
        {
            evaluations = await context.Evaluations
                .Where(e => e.RunId == owner && e.Step == step && (run.Kind == RunKind.Train || e.Samples == specification.Evaluation.Samples && e.Extractor == specification.Evaluation.Extractor)).OrderBy(e => e.Id)
                .Select(e => new StoredResult(e.Solver, e.Nfe, e.Head, e.Metric))
                .ToListAsync(cancellation);
            samples = await context.Samples
                .Where(s => s.RunId == owner && s.Step == step && s.NoiseBank == specification.Samples.NoiseBank).OrderBy(s => s.Id)
                .Select(s => new StoredResult(s.Solver, s.Nfe, s.Head, null))
                .ToListAsync(cancellation);
        }

        return new RunAssigned
        {
            RunId = run.Id,
            Attempt = run.Attempt,
            Name = run.Name,
            Specification = specification,
            Checkpoint = checkpoint,
            Initial = initial,
            Evaluations = evaluations,
            Samples = samples,
            LeaseSeconds = options.Lease.TotalSeconds,
        };
    }
}
