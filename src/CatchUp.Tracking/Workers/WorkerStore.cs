using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Workers;

public sealed class WorkerStore
{
    private readonly TrackingDatabase _database;
    private readonly TrackingNews _news;
    private readonly TrackingOptions _options;
    private readonly TimeProvider _time;

    internal WorkerStore(TrackingDatabase database, TrackingNews news, TrackingOptions options, TimeProvider time)
    {
        _database = database;
        _news = news;
        _options = options;
        _time = time;
    }

    /// <summary>Those that are online, and of the others the last life of each name; online first, then by name.</summary>
    public Task<IReadOnlyList<WorkerSummary>> ListAsync(CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<WorkerSummary>>(
        async context =>
        {
            var alive = await Sql.NowAsync(context, _database.Dialect, cancellation) - _options.Lease.Ticks;
            var workers = (await context.Workers.Where(worker => worker.Standing != WorkerStanding.Removed).OrderByDescending(worker => worker.LastSeen).Take(1000).ToListAsync(cancellation))
                .GroupBy(worker => worker.Name)
                .SelectMany(lives => lives.Any(life => life.LastSeen >= alive) ? lives.Where(life => life.LastSeen >= alive) : lives.Take(1))
                .OrderByDescending(worker => worker.LastSeen >= alive).ThenBy(worker => worker.Name, StringComparer.Ordinal)
                .ToList();
            var incarnations = workers.ConvertAll(worker => worker.Incarnation);
            var slots = await context.Slots.Where(slot => incarnations.Contains(slot.Incarnation)).OrderBy(slot => slot.Slot).ToListAsync(cancellation);

            // What a slot runs is what it was given; the worker's own word lags by a heartbeat.
            var attempts = await context.Attempts.Where(a => a.Live && incarnations.Contains(a.Incarnation)).ToListAsync(cancellation);
            var ids = attempts.ConvertAll(a => a.RunId);
            var runs = await context.Runs.Where(run => ids.Contains(run.Id)).ToListAsync(cancellation);
            var summaries = (await RunSummaries.FromAsync(context, runs, null, cancellation)).ToDictionary(run => run.Id);

            return [.. workers.Select(worker => Summary(
                worker,
                worker.LastSeen >= alive,
                [.. slots.Where(slot => slot.Incarnation == worker.Incarnation).Select(slot =>
                {
                    var attempt = attempts.Find(a => a.Incarnation == slot.Incarnation && a.Slot == slot.Slot);
                    var capabilities = JsonSerializer.Deserialize<WorkerCapabilities>(slot.Capabilities, ContractJson.Options) ?? new WorkerCapabilities();
                    return new SlotSummary(slot.Slot, capabilities, attempt is null ? null : summaries.GetValueOrDefault(attempt.RunId), attempt is null ? null : slot.Phase);
                })]))];
        },
        cancellation);

    /// <summary>Lets a worker take no more runs. It stays so when it or the server is started again.</summary>
    /// <param name="giveBack">Its runs stop at a checkpoint and go back into the queue; else it ends them.</param>
    public Task<CommandOutcome> DrainAsync(Guid incarnation, bool giveBack, CancellationToken cancellation) => CommandAsync(
        incarnation,
        async (context, worker, messages) =>
        {
            (worker.Standing, worker.GivesBack) = (WorkerStanding.Draining, giveBack);
            var attempts = await AttemptsAsync(context, incarnation, cancellation);
            if (!giveBack)
            {
                return $"{worker.Name} takes no more runs{(attempts.Count == 0 ? "." : $" and ends the {Runs(attempts.Count)} it has.")}";
            }

            var now = _time.GetUtcNow().UtcTicks;
            foreach (var attempt in attempts)
            {
                if (await _database.LockRunAsync(context, attempt.RunId, cancellation) is { State: RunState.Running } run && WorkerDrain.GiveBack(context, run, now))
                {
                    messages.Add(new AttemptOrder { RunId = run.Id, Attempt = attempt.Number, Incarnation = incarnation, Order = OrderKind.Pause });
                    messages.Add(new RunChanged { RunId = run.Id, SweepId = run.SweepId, StateChanged = true });
                }
            }

            return $"{worker.Name} takes no more runs{(attempts.Count == 0 ? "." : $"; the {Runs(attempts.Count)} it has {(attempts.Count == 1 ? "stops" : "stop")} at a checkpoint and {(attempts.Count == 1 ? "goes" : "go")} back into the queue.")}";
        },
        cancellation);

    /// <summary>Lets a drained worker take runs again. What it was told to give back it gives back.</summary>
    public Task<CommandOutcome> UndrainAsync(Guid incarnation, CancellationToken cancellation) => CommandAsync(
        incarnation,
        (_, worker, messages) =>
        {
            (worker.Standing, worker.GivesBack) = (WorkerStanding.Accepted, false);
            messages.Add(new RunsQueued { Count = 1 });
            return Task.FromResult<string?>($"{worker.Name} takes runs again.");
        },
        cancellation);

    /// <summary>Sends a worker away: its process ends, its token is revoked, its attempts end as lost ones do.</summary>
    public Task<CommandOutcome> RemoveAsync(Guid incarnation, CancellationToken cancellation) => CommandAsync(
        incarnation,
        async (context, worker, messages) =>
        {
            var alive = await Sql.NowAsync(context, _database.Dialect, cancellation) - _options.Lease.Ticks;
            if (worker.Token is null && worker.LastSeen >= alive && worker.Standing != WorkerStanding.Refused)
            {
                return null;
            }

            worker.Standing = WorkerStanding.Removed;
            var now = _time.GetUtcNow().UtcTicks;
            var revoked = worker.Token is { } token ? await WorkerTokenStore.RevokeAsync(context, token, now, cancellation) : 0;
            var attempts = await AttemptsAsync(context, incarnation, cancellation);
            foreach (var (runId, number) in attempts.Select(attempt => (attempt.RunId, attempt.Number)))
            {
                if (await _database.LockAttemptAsync(context, runId, number, cancellation) is not { Live: true } attempt)
                {
                    continue;
                }

                // The reaper alone ends attempts; it finds these at its next look.
                attempt.LeaseExpiresAt = 0;
                messages.Add(new AttemptOrder { RunId = attempt.RunId, Attempt = attempt.Number, Incarnation = incarnation, Order = OrderKind.Abandon });
                if (await _database.LockRunAsync(context, attempt.RunId, cancellation) is { } run)
                {
                    RunHistory.Note(context, run, $"Its worker {worker.Name} was removed.", now);
                }
            }

            return $"{worker.Name} is removed{(revoked > 0 ? " and its token revoked" : "")}.{(attempts.Count == 0 ? "" : $" The {Runs(attempts.Count)} it had {(attempts.Count == 1 ? "goes" : "go")} on elsewhere from the last checkpoint.")}";
        },
        cancellation,
        removes: true);

    private static WorkerSummary Summary(WorkerEntity worker, bool online, IReadOnlyList<SlotSummary> slots) =>
        new(worker.Name, worker.Incarnation, worker.Version, online, RunSummaries.Time(worker.FirstSeen), RunSummaries.Time(worker.LastSeen), slots)
        {
            State = worker.Standing switch
            {
                WorkerStanding.Refused => WorkerState.Refused,
                _ when !online => WorkerState.Lost,
                WorkerStanding.Draining => WorkerState.Draining,
                _ => slots.Count > 0 && slots.All(slot => slot.Run is not null) ? WorkerState.Busy : WorkerState.Ready,
            },
            GivesBack = worker.GivesBack,
            Token = worker.Token,
            Refusal = worker.Standing == WorkerStanding.Refused ? WorkerContract.Refusal(worker.Contract) ?? $"It spoke version {worker.Contract} of the worker contract to an earlier server." : null,
        };

    private static Task<List<AttemptEntity>> AttemptsAsync(CatchUpContext context, Guid incarnation, CancellationToken cancellation) =>
        context.Attempts.AsNoTracking().Where(attempt => attempt.Live && attempt.Incarnation == incarnation).OrderBy(attempt => attempt.RunId).ToListAsync(cancellation);

    private static string Runs(int count) => count == 1 ? "run" : $"{count:N0} runs";

    /// <param name="change">Answers what it did, in words; null when it is the server's own worker, which cannot be sent away.</param>
    private async Task<CommandOutcome> CommandAsync(Guid incarnation, Func<CatchUpContext, WorkerEntity, List<object>, Task<string?>> change, CancellationToken cancellation, bool removes = false)
    {
        var (outcome, messages) = await _database.WriteAsync(
            async context =>
            {
                var news = new List<object> { new WorkersChanged { Incarnation = incarnation } };
                if (await context.Workers.AsTracking().FirstOrDefaultAsync(w => w.Incarnation == incarnation, cancellation) is not { Standing: not WorkerStanding.Removed } worker)
                {
                    return (new CommandOutcome(CommandResult.NotFound, $"There is no worker {incarnation}."), []);
                }

                return worker.Standing == WorkerStanding.Refused && !removes
                    ? (new CommandOutcome(CommandResult.Refused, $"{worker.Name} was refused and takes no runs anyway. Start it with the server's version, or remove it."), [])
                    : await change(context, worker, news) is { } words
                        ? (new CommandOutcome(CommandResult.Accepted, words), news)
                        : (new CommandOutcome(CommandResult.Refused, $"{worker.Name} is the server's own worker and ends with the server. Drain it to keep runs from it."), []);
            },
            cancellation);
        await _news.PublishAsync(messages);
        return outcome;
    }
}
