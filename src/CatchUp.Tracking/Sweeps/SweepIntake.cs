using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Sweeps;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Sweeps;

/// <summary>Stores a submitted sweep with its runs queued, whole or not at all, and once however often it is asked.</summary>
internal sealed class SweepIntake(TrackingDatabase database, SweepPlanner planner, TrackingNews news, TimeProvider time)
{
    /// <returns>Either the accepted sweep or the refusal.</returns>
    public async Task<(SweepAccepted? Accepted, SweepRefused? Refused)> SubmitAsync(SubmitSweep request, CancellationToken cancellation)
    {
        if (request.RequestId == Guid.Empty)
        {
            return (null, new SweepRefused { Problems = [new("", "The request has no id of its own, so it could not be repeated safely. Send a new GUID with it.")] });
        }

        if (await FindAsync(request.RequestId, cancellation) is { } known)
        {
            return (known, null);
        }

        // Every configuration is looked at here, and again while it is written: neither holds more than one of them.
        var (plan, file) = planner.Read(request.Document, grid => grid.Trials(), whole: true);
        if (!plan.IsValid)
        {
            return (null, new SweepRefused { Problems = plan.Problems });
        }

        if (file!.Deadline is { } deadline && deadline.At <= time.GetUtcNow())
        {
            return (null, new SweepRefused { Problems = [new("schedule.deadline", $"The deadline {deadline.Text} has passed: nothing of the sweep would run. Set a later one or remove it.")] });
        }

        var orphans = await database.ReadAsync(context => RunParents.CheckAsync(context, file, cancellation), cancellation);
        if (orphans.Count > 0)
        {
            return (null, new SweepRefused { Problems = orphans });
        }

        SweepAccepted accepted;
        try
        {
            accepted = await database.WriteAsync(context => StoreAsync(context, request, plan, file, cancellation), cancellation);
        }
        catch (Exception problem) when (problem is DbUpdateException)
        {
            // The same request in two consumers at once: the unique request id let one of them through.
            return await FindAsync(request.RequestId, cancellation) is { } stored ? (stored, null) : throw new InvalidOperationException("The sweep could not be stored.", problem);
        }

        await news.PublishAsync([new RunsQueued { Count = accepted.Runs }, new SweepChanged { SweepId = accepted.SweepId }]);
        return (accepted, null);
    }

    private Task<SweepAccepted?> FindAsync(Guid request, CancellationToken cancellation) => database.ReadAsync(
        context => context.Sweeps
            .Where(sweep => sweep.RequestId == request)
            .Select(sweep => new SweepAccepted { SweepId = sweep.Id, Runs = context.Runs.Count(run => run.SweepId == sweep.Id), AlreadyKnown = true })
            .FirstOrDefaultAsync(cancellation),
        cancellation);

    private async Task<SweepAccepted> StoreAsync(CatchUpContext context, SubmitSweep request, SweepPlan plan, SweepFile file, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcTicks;
        var opening = file.Window?.At(time.GetUtcNow());
        var owner = file.Owner ?? (string.IsNullOrWhiteSpace(request.Owner) ? null : CleanText.Line(request.Owner, SweepFileSchema.LongestName));
        var sweep = new SweepEntity
        {
            RequestId = request.RequestId,
            Name = file.Name,
            Project = file.Project,
            Owner = owner,
            Document = request.Document,
            ObjectiveMetric = plan.Objective?.Metric,
            ObjectiveSolver = plan.Objective is { } objective ? SweepObjectives.Word(objective.Solver) : null,
            ObjectiveNfe = plan.Objective?.Nfe,
            ObjectiveHead = plan.Objective?.Head,
            ObjectiveGoal = plan.Objective?.Goal,
            SweptKeys = JsonSerializer.Serialize(plan.SweptKeys, ContractJson.Options),
            Priority = file.Priority,
            MaxParallel = file.MaxParallel,
            Window = file.Window?.Text,
            OpensAt = opening?.Opens.UtcTicks,
            ClosesAt = opening?.Closes.UtcTicks,
            Deadline = file.Deadline?.Text,
            DeadlineAt = file.Deadline?.At.UtcTicks,
            Requires = file.Requires.Json,
            Restarts = file.Restarts?.ToJson(),
            Trials = plan.Trials,
            Replicates = plan.Replicates,
            CreatedAt = now,
            RetentionKeepAll = file.Retention?.ContainsKey("keep") == true,
            RetentionLast = file.Retention?["last"]?.GetValue<int>(),
            RetentionBest = file.Retention?["best"]?.GetValue<int>(),
        };
        context.Sweeps.Add(sweep);
        await context.SaveChangesAsync(cancellation);
        var runs = await SweepRunWriter.WriteAsync(context, sweep, SweepPlanner.Expand(file), now, cancellation);
        await RunParents.WriteAsync(context, sweep.Id, file, cancellation);
        await Sql.ExecuteAsync(
            context, "INSERT INTO run_events (run_id, at, attempt, from_state, to_state, cause) SELECT id, @now, 0, NULL, state, 'Queued with its sweep.' FROM runs WHERE sweep_id = @sweep ORDER BY id", cancellation,
            ("@now", now), ("@sweep", sweep.Id));
        return new SweepAccepted { SweepId = sweep.Id, Runs = runs };
    }
}
