using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Workers;

/// <summary>Takes a worker's word that it and its attempts live: extends leases, remembers the worker, stores what it measured, answers with orders.</summary>
internal sealed class Heartbeats(TrackingDatabase database, TrackingNews news, TrackingOptions options, TimeProvider time)
{
    private const int MaximumSlots = 256;
    private const int MaximumSystemValues = 5000;

    public async Task<HeartbeatAnswer> ReceiveAsync(Heartbeat heartbeat, CancellationToken cancellation)
    {
        var (answer, messages) = await database.WriteAsync(context => ReceiveAsync(context, heartbeat, cancellation), cancellation);
        await news.PublishAsync(messages);
        return answer;
    }

    private async Task<(HeartbeatAnswer Answer, List<object> News)> ReceiveAsync(CatchUpContext context, Heartbeat heartbeat, CancellationToken cancellation)
    {
        var messages = new List<object>();
        var now = await Sql.NowAsync(context, database.Dialect, cancellation);
        var slots = heartbeat.Slots.DistinctBy(slot => slot.Slot).Take(MaximumSlots).ToList();
        var (worker, changed) = await RememberAsync(context, heartbeat, slots, now, cancellation);
        if (changed)
        {
            messages.Add(new WorkersChanged { Incarnation = heartbeat.Incarnation });
        }

        if (worker.Standing is WorkerStanding.Removed or WorkerStanding.Refused)
        {
            // Its leases are left to run out.
            return (new HeartbeatAnswer { Standing = worker.Standing, Reason = Reason(worker) }, messages);
        }

        var orders = new List<AttemptOrder>();
        foreach (var slot in slots)
        {
            if (slot is { RunId: { } runId, Attempt: { } number })
            {
                var run = await ExtendAsync(context, heartbeat.Incarnation, runId, number, now, cancellation);
                orders.Add(new AttemptOrder { RunId = runId, Attempt = number, Incarnation = heartbeat.Incarnation, Order = run?.PendingOrder ?? OrderKind.Abandon });
                if (run is { PendingOrder: OrderKind.Continue } && worker.GivesBack)
                {
                    // Given to it in the moment when it was told to drain.
                    await GiveBackAsync(context, run, cancellation);
                }

                if (run is not null && await StoreSystemAsync(context, run, slot, cancellation))
                {
                    messages.Add(new RunChanged { RunId = run.Id, SweepId = run.SweepId, DataArrived = true });
                }
            }
        }

        return (new HeartbeatAnswer { Standing = worker.Standing, Reason = Reason(worker), Orders = orders }, messages);
    }

    private static string? Reason(WorkerEntity worker) => worker.Standing switch
    {
        WorkerStanding.Refused => WorkerContract.Refusal(worker.Contract),
        WorkerStanding.Removed => "Its token is revoked. To use this machine again, make a token on the Workers page and start the worker with it.",
        WorkerStanding.Draining => worker.GivesBack ? "It gives its runs back at a checkpoint." : "It ends the runs it has.",
        _ => null,
    };

    private async Task GiveBackAsync(CatchUpContext context, RunEntity run, CancellationToken cancellation)
    {
        if (await database.LockRunAsync(context, run.Id, cancellation) is { State: RunState.Running } locked)
        {
            WorkerDrain.GiveBack(context, locked, time.GetUtcNow().UtcTicks);
        }
    }

    /// <returns>The attempt's run; null when the attempt is not the run's current one, or not this worker's.</returns>
    private async Task<RunEntity?> ExtendAsync(CatchUpContext context, Guid incarnation, long run, int number, long now, CancellationToken cancellation)
    {
        var extended = await Sql.ExecuteAsync(
            context, "UPDATE attempts SET lease_expires_at = @expiry WHERE run_id = @run AND number = @number AND incarnation = @incarnation AND live", cancellation,
            ("@expiry", now + options.Lease.Ticks), ("@run", run), ("@number", number), ("@incarnation", incarnation));
        return extended == 0 ? null : await context.Runs.AsNoTracking().FirstOrDefaultAsync(r => r.Id == run, cancellation);
    }

    /// <returns>The worker, and whether anything that people look at has changed.</returns>
    private async Task<(WorkerEntity Worker, bool Changed)> RememberAsync(CatchUpContext context, Heartbeat heartbeat, List<SlotStatus> slots, long now, CancellationToken cancellation)
    {
        var name = CleanText.Line(heartbeat.Worker, 200);
        var worker = await context.Workers.AsTracking().FirstOrDefaultAsync(w => w.Incarnation == heartbeat.Incarnation, cancellation);
        var changed = worker is null;
        if (worker is null)
        {
            worker = new WorkerEntity
            {
                Incarnation = heartbeat.Incarnation,
                Name = name,
                Version = CleanText.Line(heartbeat.Version, 100),
                Contract = heartbeat.Contract,
                Token = heartbeat.Token is null or { Length: 16 } && heartbeat.Token?.All(char.IsAsciiHexDigitLower) != false ? heartbeat.Token : "unknown",
                Standing = WorkerContract.Refusal(heartbeat.Contract) is null ? WorkerStanding.Accepted : WorkerStanding.Refused,
                FirstSeen = now,
                LastSeen = now,
            };
            if (worker.Standing == WorkerStanding.Accepted && await WorkerAdmission.LastLifeAsync(context, name, cancellation) is { Standing: WorkerStanding.Draining } life)
            {
                // A drained worker stays drained when it is started again.
                (worker.Standing, worker.GivesBack) = (life.Standing, life.GivesBack);
            }

            context.Workers.Add(worker);

            // Earlier lives of the same worker; a day old, so that one which only lost its connection is not forgotten.
            var old = now - TimeSpan.TicksPerDay;
            await context.Workers.Where(w => w.Name == name && w.LastSeen < old).ExecuteDeleteAsync(cancellation);
        }
        else
        {
            changed = now - worker.LastSeen > options.Lease.Ticks;
            worker.LastSeen = now;
            if (worker.Standing == WorkerStanding.Removed)
            {
                return (worker, false);
            }
        }

        var known = await context.Slots.AsTracking().Where(s => s.Incarnation == heartbeat.Incarnation).ToDictionaryAsync(s => s.Slot, cancellation);
        foreach (var slot in slots)
        {
            var capabilities = CleanText.Block(JsonSerializer.Serialize(slot.Capabilities, ContractJson.Options), 100_000);
            var phase = slot.Phase is null ? null : CleanText.Line(slot.Phase, 100);
            if (!known.Remove(slot.Slot, out var entity))
            {
                entity = new SlotEntity { Incarnation = heartbeat.Incarnation, Slot = slot.Slot, Capabilities = capabilities };
                context.Slots.Add(entity);
                changed = true;
            }

            changed |= entity.Capabilities != capabilities || entity.RunId != slot.RunId || entity.Attempt != slot.Attempt || entity.Phase != phase;
            (entity.Capabilities, entity.RunId, entity.Attempt, entity.Phase) = (capabilities, slot.RunId, slot.Attempt, phase);
        }

        context.Slots.RemoveRange(known.Values);
        return (worker, changed || known.Count > 0);
    }

    private async Task<bool> StoreSystemAsync(CatchUpContext context, RunEntity run, SlotStatus slot, CancellationToken cancellation)
    {
        var values = slot.System
            .SelectMany(sample => sample.Values.Select(value => (Name: value.Key, Step: Math.Max(0, (sample.At.UtcTicks - run.CreatedAt) / TimeSpan.TicksPerSecond), value.Value, At: sample.At.UtcTicks)))
            .Where(value => MetricName.IsSystem(value.Name) && MetricName.Problem(value.Name) is null)
            .Take(MaximumSystemValues)
            .ToList();
        await PointWriter.WriteAsync(context, database, run.Id, values, cancellation);
        return values.Count > 0;
    }
}
