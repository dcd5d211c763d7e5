using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Sweeps;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Queue;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Runs;

/// <summary>Reads runs and takes commands for them. Every method is one complete operation.</summary>
public sealed class RunStore
{
    public const int MaximumNameLength = 200;

    /// <summary>A database takes only so many values in one question.</summary>
    private const int RunsAtOnce = 500;

    /// <summary>How long a list may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TrackingDatabase _database;
    private readonly ArtifactDirectory _artifacts;
    private readonly RunRemoval _removal;
    private readonly RunRetry _retry;
    private readonly TrackingNews _news;
    private readonly TrackingOptions _options;
    private readonly TimeProvider _time;

    internal RunStore(TrackingDatabase database, ArtifactDirectory artifacts, RunRemoval removal, RunRetry retry, TrackingNews news, TrackingOptions options, TimeProvider time)
    {
        _database = database;
        _artifacts = artifacts;
        _removal = removal;
        _retry = retry;
        _news = news;
        _options = options;
        _time = time;
    }

    private delegate CommandOutcome Command(CatchUpContext context, RunEntity run, long now);

    /// <exception cref="QuestionTooLongException">The filter or the order asks for more than the database can tell in a few seconds.</exception>
    public Task<Page<RunSummary>> ListAsync(RunQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var (offset, limit) = Paging.Clamp(query.Offset, query.Limit);
        return _database.ReadAsync(
            async (context, patience) =>
            {
                var listing = await RunListing.ReadAsync(context, _database.Dialect, query, _time.GetUtcNow(), offset, limit, patience);
                var found = await context.Runs.Where(run => listing.Ids.Contains(run.Id)).ToDictionaryAsync(run => run.Id, patience);
                var runs = listing.Ids.Where(found.ContainsKey).Select(id => found[id]).ToList();
                var summaries = await SummariesAsync(context, runs, patience);
                return Paging.Page([.. summaries.Select(run => run with { Values = listing.ValuesOf(run) })], listing.Total, offset);
            },
            Patience,
            cancellation);
    }

    /// <summary>The groups of a list, each with the means of its columns over all its runs.</summary>
    /// <exception cref="QuestionTooLongException">As for <see cref="ListAsync"/>.</exception>
    public Task<Page<RunGroup>> GroupsAsync(RunQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var (offset, limit) = Paging.Clamp(query.Offset, query.Limit);
        return _database.ReadAsync(
            async (context, patience) =>
            {
                var (total, groups) = await RunGrouping.ReadAsync(context, _database.Dialect, query, _time.GetUtcNow(), offset, limit, patience);
                var first = groups.ConvertAll(group => group.Runs[0].Id);
                var entities = await context.Runs.Where(run => first.Contains(run.Id)).ToListAsync(patience);
                var summaries = (await SummariesAsync(context, entities, patience)).ToDictionary(run => run.Id);
                return Paging.Page(
                    [.. groups.Where(group => summaries.ContainsKey(group.Runs[0].Id)).Select(group => new RunGroup
                    {
                        Key = group.Key,
                        Runs = group.Runs.Count,
                        States = group.Runs.GroupBy(run => run.State).ToDictionary(runs => runs.Key, runs => runs.Count()),
                        First = summaries[group.Runs[0].Id],
                        Values = query.Columns.Index().DistinctBy(column => column.Item.Text).ToDictionary(column => column.Item.Text, column => GroupValue.Of(column.Item, [.. group.Runs.Select(run => run.Values[column.Index])])),
                    })],
                    total,
                    offset);
            },
            Patience,
            cancellation);
    }

    public async Task<RunDetails?> FindAsync(long run, CancellationToken cancellation) => (await FindAsync([run], cancellation)).SingleOrDefault();

    /// <summary>Those of the runs that there are, in the order asked for.</summary>
    public Task<IReadOnlyList<RunDetails>> FindAsync(IReadOnlyList<long> runs, CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<RunDetails>>(
        async context =>
        {
            var details = new List<RunDetails>();
            foreach (var ids in runs.Distinct().Chunk(RunsAtOnce))
            {
                var found = await context.Runs.Where(r => ids.Contains(r.Id)).ToDictionaryAsync(r => r.Id, cancellation);
                List<RunEntity> entities = [.. ids.Where(found.ContainsKey).Select(id => found[id])];
                var exclusions = (await context.RunExclusions.Where(e => ids.Contains(e.RunId)).OrderBy(e => e.At).ThenBy(e => e.Worker).ToListAsync(cancellation)).ToLookup(e => e.RunId);
                var attempts = (await context.Attempts.Where(a => ids.Contains(a.RunId)).OrderBy(a => a.Number).ToListAsync(cancellation)).ToLookup(a => a.RunId);
                var bytes = await context.Checkpoints.Where(c => ids.Contains(c.RunId) && !c.Removed).GroupBy(c => c.RunId).Select(run => new { Run = run.Key, Bytes = run.Sum(c => c.Bytes) }).ToDictionaryAsync(run => run.Run, run => run.Bytes, cancellation);
                var reproductions = (await context.Runs.Where(other => other.ReproducesRunId != null && ids.Contains(other.ReproducesRunId.Value)).Select(other => new { other.Id, Original = other.ReproducesRunId!.Value }).ToListAsync(cancellation)).ToLookup(other => other.Original, other => other.Id);
                var summaries = await SummariesAsync(context, entities, cancellation);
                details.AddRange(entities.Zip(summaries, (entity, summary) => new RunDetails
                {
                    Summary = summary,
                    Specification = JsonSerializer.Deserialize<RunSpecification>(entity.Specification, ContractJson.Options)!,
                    Environment = RunSummaries.Texts(entity.Environment),
                    ParameterCount = entity.ParameterCount,
                    Reproductions = [.. reproductions[entity.Id].OrderDescending().Take(50)],
                    Exclusions = [.. exclusions[entity.Id].Select(e => new RunExclusion(e.Worker, e.Reason, e.Attempt, RunSummaries.Time(e.At)))],
                    CheckpointBytes = bytes.GetValueOrDefault(entity.Id),
                    Attempts = [.. attempts[entity.Id].Select(Summary)],
                }));
            }

            return details;
        },
        cancellation);

    /// <summary>For each run that starts or learns from another one: that one, the one which that one starts from, and so on.</summary>
    public Task<IReadOnlyDictionary<long, IReadOnlyList<long>>> TeachersAsync(IReadOnlyList<long> runs, CancellationToken cancellation) => _database.ReadAsync<IReadOnlyDictionary<long, IReadOnlyList<long>>>(
        async context =>
        {
            var parents = new Dictionary<long, long?>();
            var asked = runs.Distinct().ToList();
            while (asked.Count > 0)
            {
                foreach (var ids in asked.Chunk(RunsAtOnce))
                {
                    foreach (var run in await context.Runs.Where(r => ids.Contains(r.Id) && r.Kind == RunKind.Train).Select(r => new { r.Id, r.ParentRunId }).ToListAsync(cancellation))
                    {
                        parents[run.Id] = run.ParentRunId;
                    }
                }

                asked = [.. asked.Select(run => parents.GetValueOrDefault(run)).OfType<long>().Where(parent => !parents.ContainsKey(parent)).Distinct()];
                asked.ForEach(parent => parents[parent] = null);
            }

            return runs.Distinct().Where(run => parents.GetValueOrDefault(run) is not null).ToDictionary(run => run, IReadOnlyList<long> (run) => [.. Above(run)]);

            IEnumerable<long> Above(long run)
            {
                var seen = new HashSet<long> { run };
                for (var parent = parents.GetValueOrDefault(run); parent is { } found && seen.Add(found); parent = parents.GetValueOrDefault(found))
                {
                    yield return found;
                }
            }
        },
        cancellation);

    /// <summary>The run's history, oldest first.</summary>
    public Task<IReadOnlyList<RunEvent>> EventsAsync(long run, CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<RunEvent>>(
        async context =>
        {
            var events = await context.RunEvents.Where(e => e.RunId == run).OrderBy(e => e.Id).ToListAsync(cancellation);
            return events.ConvertAll(e => new RunEvent(e.Id, RunSummaries.Time(e.At), e.Attempt, e.FromState, e.ToState, e.Cause));
        },
        cancellation);

    /// <summary>The last lines of the run's log, oldest first; only those after <paramref name="after"/>.</summary>
    public Task<IReadOnlyList<LogLine>> LogAsync(long run, long after, int limit, CancellationToken cancellation)
    {
        var (_, count) = Paging.Clamp(0, limit);
        return _database.ReadAsync<IReadOnlyList<LogLine>>(
            async context =>
            {
                var lines = await context.Logs.Where(l => l.RunId == run && l.Id > after).OrderByDescending(l => l.Id).Take(count).ToListAsync(cancellation);
                lines.Reverse();
                return lines.ConvertAll(l => new LogLine(l.Id, l.Attempt, RunSummaries.Time(l.At), l.Level, l.Text));
            },
            cancellation);
    }

    public Task<IReadOnlyList<CheckpointSummary>> CheckpointsAsync(long run, CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<CheckpointSummary>>(
        async context =>
        {
            var checkpoints = await context.Checkpoints.Where(c => c.RunId == run && !c.Removed).OrderBy(c => c.Step).ThenBy(c => c.Id).ToListAsync(cancellation);
            return checkpoints.ConvertAll(c => new CheckpointSummary(c.Id, c.Type, c.Step, c.Sha256, c.Bytes, RunSummaries.Time(c.At), _artifacts.Contains(c.Sha256), c.Pinned));
        },
        cancellation);

    public Task<CommandOutcome> PauseAsync(long run, CancellationToken cancellation) => CommandAsync(run, RunCommands.Pause, cancellation);

    public Task<CommandOutcome> ResumeAsync(long run, CancellationToken cancellation) => CommandAsync(run, RunCommands.Resume, cancellation);

    public Task<CommandOutcome> CancelAsync(long run, CancellationToken cancellation) => CommandAsync(run, RunCommands.Cancel, cancellation);

    /// <summary>Ends a run; one that is running writes a checkpoint first, so that it can be retried from where it stopped.</summary>
    public Task<CommandOutcome> CancelAtCheckpointAsync(long run, CancellationToken cancellation) => CommandAsync(run, RunCommands.CancelAtCheckpoint, cancellation);

    /// <summary>Queues a run that failed or was cancelled once more: from its last safe checkpoint, or from zero without anything it had recorded.</summary>
    public Task<CommandOutcome> RetryAsync(long run, bool fromZero, CancellationToken cancellation) =>
        fromZero ? _retry.FromZeroAsync(run, cancellation) : CommandAsync(run, RunCommands.Retry, cancellation);

    /// <summary>Lets every worker be given the run again.</summary>
    public Task<CommandOutcome> LiftExclusionsAsync(long run, CancellationToken cancellation) => _retry.LiftExclusionsAsync(run, cancellation);

    public Task<CommandOutcome> RenameAsync(long run, string name, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(name);
        var wanted = name.Trim();
        return wanted.Length is 0 or > MaximumNameLength || wanted.Any(char.IsControl)
            ? Task.FromResult(new CommandOutcome(CommandResult.Refused, $"A name has 1 to {MaximumNameLength} characters and no control characters."))
            : CommandAsync(
                run,
                (context, entity, now) =>
                {
                    entity.Name = wanted;
                    entity.UpdatedAt = now;
                    return new CommandOutcome(CommandResult.Accepted, "Renamed.");
                },
                cancellation);
    }

    public Task<CommandOutcome> ArchiveAsync(long run, bool archived, CancellationToken cancellation) => CommandAsync(
        run,
        (context, entity, now) =>
        {
            if (archived && entity.State is RunState.Queued or RunState.Running)
            {
                return new CommandOutcome(CommandResult.Refused, "It is still to be done. Cancel it first, or wait for its end.");
            }

            entity.Archived = archived;
            entity.UpdatedAt = now;
            return new CommandOutcome(CommandResult.Accepted, archived ? "Archived." : "Back among the other runs.");
        },
        cancellation);

    /// <summary>What <see cref="DeleteAsync"/> would free.</summary>
    public Task<Deletion> PlanDeletionAsync(IReadOnlyList<long> runs, CancellationToken cancellation) => _removal.PlanAsync(runs, cancellation);

    /// <summary>Deletes the runs with their rows and the artifacts nothing else refers to. Running runs are refused.</summary>
    public async Task<(CommandOutcome Outcome, Deletion Freed)> DeleteAsync(IReadOnlyList<long> runs, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var freed = new Deletion(0, 0, 0, 0, 0);
        var wanted = runs.Distinct().ToList();
        var there = await _database.ReadAsync(
            async context =>
            {
                var found = new List<(long Id, string Name, RunState State)>();
                foreach (var chunk in wanted.Chunk(1000))
                {
                    var rows = await context.Runs.Where(run => chunk.Contains(run.Id)).Select(run => new { run.Id, run.Name, run.State }).ToListAsync(cancellation);
                    found.AddRange(rows.Select(run => (run.Id, run.Name, run.State)));
                }

                return found;
            },
            cancellation);
        if (there.Count == 0)
        {
            return (new CommandOutcome(CommandResult.NotFound, wanted.Count == 1 ? "There is no such run." : "There are no such runs."), freed);
        }

        if (there.Find(run => run.State == RunState.Running) is { Name: not null } running)
        {
            return (new CommandOutcome(CommandResult.Refused, $"\"{running.Name}\" is running. Cancel it first. Nothing was deleted."), freed);
        }

        if (await UnbornAsync(wanted, cancellation) is { } child)
        {
            return (new CommandOutcome(CommandResult.Refused, $"\"{child}\" has not ended and starts from a run that would go. Cancel it first. Nothing was deleted."), freed);
        }

        // A transaction a run: a large one must not keep every other writer waiting for all of them.
        foreach (var run in there)
        {
            if (await _removal.RemoveAsync(run.Id, cancellation) is { } removed)
            {
                freed = RunRemoval.Sum(freed, removed.Freed);
                await _news.RunStateChangedAsync(run.Id, removed.Sweep);
            }
        }

        return freed.Runs == there.Count
            ? (new CommandOutcome(CommandResult.Accepted, freed.Runs == 1 ? "Deleted." : $"{freed.Runs} runs deleted."), freed)
            : (new CommandOutcome(CommandResult.Refused, $"{freed.Runs} of {there.Count} runs deleted; the others had begun to run meanwhile."), freed);
    }

    /// <summary>A run outside the given ones that still needs the weights of one of them.</summary>
    private Task<string?> UnbornAsync(List<long> going, CancellationToken cancellation) => _database.ReadAsync(
        async context =>
        {
            foreach (var chunk in going.Chunk(1000))
            {
                var children = await context.Runs
                    .Where(run => run.ParentRunId != null && chunk.Contains(run.ParentRunId.Value) && (run.State == RunState.Queued || run.State == RunState.Running || run.State == RunState.Paused))
                    .Select(run => new { run.Id, run.Name }).ToListAsync(cancellation);
                if (children.Find(run => !going.Contains(run.Id)) is { } child)
                {
                    return child.Name;
                }
            }

            return null;
        },
        cancellation);

    private AttemptSummary Summary(AttemptEntity attempt)
    {
        var end = attempt.EndedAt ?? Math.Max(attempt.AssignedAt, _time.GetUtcNow().UtcTicks);
        return new(
            attempt.Number, attempt.Worker, attempt.Slot, RunSummaries.Time(attempt.AssignedAt), RunSummaries.Time(attempt.EndedAt), attempt.Outcome, attempt.FromStep, attempt.LastStep, attempt.Position, attempt.Cause)
        {
            Device = attempt.Device,
            Seconds = SlotTime.Within(TimeSpan.FromTicks(Math.Max(0, end - attempt.AssignedAt)).TotalSeconds, attempt.TrainingSeconds, attempt.SamplingSeconds, attempt.EvaluationSeconds, attempt.LostSeconds),
        };
    }

    private async Task<IReadOnlyList<RunSummary>> SummariesAsync(CatchUpContext context, List<RunEntity> runs, CancellationToken cancellation)
    {
        var queued = runs.FindAll(run => run.State == RunState.Queued);
        var reasons = queued.Count == 0 ? null : await WaitingReasons.LookAsync(context, _database.Dialect, _options, _time.GetUtcNow(), queued, cancellation);
        return await RunSummaries.FromAsync(context, runs, reasons, cancellation);
    }

    private async Task<CommandOutcome> CommandAsync(long id, Command command, CancellationToken cancellation)
    {
        try
        {
            var (outcome, messages) = await WriteAsync(id, command, cancellation);
            if (messages.Count > 0)
            {
                await _news.PublishAsync(messages);
            }

            return outcome;
        }
        catch (DatabaseBusyException busy)
        {
            return new CommandOutcome(CommandResult.Refused, busy.Message);
        }
    }

    private Task<(CommandOutcome Outcome, List<object> News)> WriteAsync(long id, Command command, CancellationToken cancellation)
    {
        return _database.WriteAsync<(CommandOutcome, List<object>)>(
            async context =>
            {
                var messages = new List<object>();
                if (await _database.LockRunAsync(context, id, cancellation) is not { } run)
                {
                    return (new CommandOutcome(CommandResult.NotFound, $"There is no run {id}."), messages);
                }

                var (state, order) = (run.State, run.PendingOrder);
                var outcome = command(context, run, _time.GetUtcNow().UtcTicks);
                if (outcome.Result != CommandResult.Accepted)
                {
                    return (outcome, messages);
                }

                messages.Add(new RunChanged { RunId = id, SweepId = run.SweepId, StateChanged = run.State != state || run.PendingOrder != order });
                messages.Add(new SweepChanged { SweepId = run.SweepId });
                if (run.State == RunState.Queued && state != RunState.Queued)
                {
                    messages.Add(new RunsQueued { Count = 1 });
                }

                if (run.State == RunState.Running && run.PendingOrder != OrderKind.Continue
                    && await context.Attempts.FirstOrDefaultAsync(a => a.RunId == id && a.Live, cancellation) is { } attempt)
                {
                    messages.Add(new AttemptOrder { RunId = id, Attempt = attempt.Number, Incarnation = attempt.Incarnation, Order = run.PendingOrder });
                }

                return (outcome, messages);
            },
            cancellation);
    }
}
