using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Contracts;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Sweeps;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Reproductions;

/// <summary>Queues runs once more as they are stored, to see whether the same comes of them.</summary>
public sealed class ReproductionStore
{
    private const string Prefix = "Reproduce ";

    private readonly TrackingDatabase _database;
    private readonly TrackingNews _news;
    private readonly TrackingOptions _options;
    private readonly TimeProvider _time;

    internal ReproductionStore(TrackingDatabase database, TrackingNews news, TrackingOptions options, TimeProvider time)
        => (_database, _news, _options, _time) = (database, news, options, time);

    /// <summary>What stands in the way; null when there is no such run.</summary>
    public Task<ReproductionOutlook?> LookAsync(long run, CancellationToken cancellation) => _database.ReadAsync(
        async context => await context.Runs.FirstOrDefaultAsync(candidate => candidate.Id == run, cancellation) is { } entity
            ? await new ReproductionOutlooks(context, _database.Dialect, _options).LookAsync(entity, cancellation)
            : null,
        cancellation);

    /// <summary>Queues the run again: the same stored specification, seed and initial weights, in a sweep of its own. The same request again has no further effect.</summary>
    /// <param name="request">Made by the client.</param>
    /// <param name="owner">Who asks; null where nobody signs in.</param>
    public async Task<ReproductionOutcome> QueueAsync(long run, Guid request, string? owner, CancellationToken cancellation)
    {
        if (request == Guid.Empty)
        {
            return new(new CommandOutcome(CommandResult.Refused, "The request has no id of its own, so it could not be repeated safely. Send a new GUID with it."));
        }

        if (await KnownAsync(run, request, cancellation) is { } known)
        {
            return known;
        }

        (ReproductionOutcome Outcome, long Sweep, long OriginalSweep) done;
        try
        {
            done = await _database.WriteAsync(context => QueueAsync(context, run, request, owner, cancellation), cancellation);
        }
        catch (DbUpdateException)
        {
            // The same request twice at once: its unique id let one of them through.
            return await KnownAsync(run, request, cancellation) ?? throw new InvalidOperationException("The run could not be queued.");
        }

        if (done.Outcome.Run is { } queued)
        {
            await _news.PublishAsync([new RunsQueued { Count = 1 }, new SweepChanged { SweepId = done.Sweep }, new RunChanged { RunId = queued, SweepId = done.Sweep, StateChanged = true }, new RunChanged { RunId = run, SweepId = done.OriginalSweep }]);
        }

        return done.Outcome;
    }

    private Task<ReproductionOutcome?> KnownAsync(long run, Guid request, CancellationToken cancellation) => _database.ReadAsync(
        async context =>
        {
            var sweep = await context.Sweeps.Where(candidate => candidate.RequestId == request).Select(candidate => (long?)candidate.Id).FirstOrDefaultAsync(cancellation);
            if (sweep is null)
            {
                return null;
            }

            var queued = await context.Runs.Where(candidate => candidate.SweepId == sweep && candidate.ReproducesRunId == run).Select(candidate => (long?)candidate.Id).FirstOrDefaultAsync(cancellation);
            return queued is { } id
                ? new ReproductionOutcome(new CommandOutcome(CommandResult.Accepted, $"Queued already, as run {id}."), id, AlreadyKnown: true)
                : new ReproductionOutcome(new CommandOutcome(CommandResult.Refused, "This request's id was used for something else. Make a new GUID for each request."));
        },
        cancellation);

    private async Task<(ReproductionOutcome Outcome, long Sweep, long OriginalSweep)> QueueAsync(CatchUpContext context, long id, Guid request, string? owner, CancellationToken cancellation)
    {
        if (await _database.LockRunAsync(context, id, cancellation) is not { } original)
        {
            return (new(new CommandOutcome(CommandResult.NotFound, $"There is no run {id}.")), 0, 0);
        }

        var outlooks = new ReproductionOutlooks(context, _database.Dialect, _options);
        if ((await outlooks.LookAsync(original, cancellation)).Refusal is { } refusal)
        {
            return (new(new CommandOutcome(CommandResult.Refused, refusal)), 0, 0);
        }

        var (now, initial) = (_time.GetUtcNow().UtcTicks, await outlooks.InitialAsync(original, cancellation));
        var name = Shortened(original.Name.StartsWith(Prefix, StringComparison.Ordinal) ? original.Name : Prefix + original.Name);
        var from = await context.Sweeps.AsNoTracking().FirstAsync(candidate => candidate.Id == original.SweepId, cancellation);
        var specification = JsonSerializer.Deserialize<RunSpecification>(original.Specification, ContractJson.Options)!;
        var sweep = new SweepEntity
        {
            RequestId = request,
            Name = name,
            Project = original.Project,
            Owner = string.IsNullOrWhiteSpace(owner) ? from.Owner : CleanText.Line(owner, SweepFileSchema.LongestName),
            Document = Document(name, original, specification),
            ObjectiveMetric = from.ObjectiveMetric,
            ObjectiveSolver = from.ObjectiveSolver,
            ObjectiveNfe = from.ObjectiveNfe,
            ObjectiveHead = from.ObjectiveHead,
            ObjectiveGoal = from.ObjectiveGoal,

            // What a worker must have for it, and what becomes of its files, is the run's affair; windows, priorities and deadlines were the sweep's.
            Requires = from.Requires,
            Restarts = from.Restarts,
            RetentionKeepAll = from.RetentionKeepAll,
            RetentionLast = from.RetentionLast,
            RetentionBest = from.RetentionBest,
            Trials = 1,
            Replicates = 1,
            CreatedAt = now,
        };
        context.Sweeps.Add(sweep);
        await context.SaveChangesAsync(cancellation);
        await SweepRunWriter.WriteAsync(context, sweep, [new PlannedRun(0, 0, name, RunSummaries.Texts(original.Parameters), specification)], now, cancellation);

        // To the byte, also what a later version would write otherwise.
        var queued = await context.Runs.AsTracking().FirstAsync(run => run.SweepId == sweep.Id, cancellation);
        queued.Specification = original.Specification;
        queued.ParentRunId = original.ParentRunId;
        queued.ReproducesRunId = original.Id;
        (queued.InitialSha256, queued.InitialStep) = (initial?.Sha256, initial?.Step);
        context.RunEvents.Add(new RunEventEntity { RunId = queued.Id, At = now, ToState = RunState.Queued, Cause = $"Queued to reproduce run {original.Id}." });
        RunHistory.Note(context, original, $"Queued once more as run {queued.Id}, to see whether the same comes of it.", now);
        return (new(new CommandOutcome(CommandResult.Accepted, $"Queued as run {queued.Id}. Its certificate says what comes of it."), queued.Id), sweep.Id, original.SweepId);
    }

    /// <summary>A sweep file that would make the same run: for people to read, and to begin with when they change something. The run itself is not made from it.</summary>
    private static string Document(string name, RunEntity original, RunSpecification specification)
    {
        var all = JsonSerializer.SerializeToNode(specification, ContractJson.Options)!.AsObject();
        all.Remove("evaluation", out var evaluation);
        evaluation!.AsObject().Remove("gates");
        if (original.ParentRunId is { } parent)
        {
            // The name of a variant means nothing in another sweep.
            all["initialRun"]!["run"] = $"{parent}";
        }

        return new JsonObject { ["name"] = name, ["project"] = original.Project, ["base"] = all, ["evaluation"] = evaluation }.ToJsonString(ContractJson.Indented);
    }

    private static string Shortened(string name) => name.Length <= RunStore.MaximumNameLength ? name : name[..(char.IsHighSurrogate(name[RunStore.MaximumNameLength - 2]) ? RunStore.MaximumNameLength - 2 : RunStore.MaximumNameLength - 1)] + "…";
}
