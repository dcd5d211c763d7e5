using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Nights;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Alerts;

/// <summary>
/// Turns what was noted into messages, one row a webhook, and hands each row to one server at a time. A message is sent at least once; its id tells a
/// receiver that it has it already.
/// </summary>
internal sealed class AlertOutbox(TrackingDatabase database, NightStore nights, TrackingOptions options, TimeProvider time)
{
    private const int EventsAtOnce = 1000, RunsInMessage = 20;

    /// <summary>What fails within this time of a message about failures waits for the next: a sweep that fails whole must not fill a channel.</summary>
    private static readonly TimeSpan BetweenFailures = TimeSpan.FromMinutes(1);

    /// <summary>Longer than a try can take.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>A digest that could not be written by then is not written any more.</summary>
    private static readonly TimeSpan DigestPatience = TimeSpan.FromHours(12);

    private static readonly TimeSpan[] Backoff =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(3),
    ];

    public sealed record Delivery(long Id, Guid Message, AlertKind Kind, string Url, string? Secret, string Body, int Tries);

    private sealed record Event(long Id, long Run, long Sweep, RunState State, long At);

    /// <summary>Writes the messages that are due.</summary>
    /// <returns>How many.</returns>
    public async Task<int> WriteAsync(CancellationToken cancellation)
    {
        var written = await database.WriteAsync(context => WriteEventsAsync(context, cancellation), cancellation);
        return written + await WriteDigestsAsync(cancellation);
    }

    /// <summary>Takes messages that are to be sent; no other server gets them until the claim ends.</summary>
    public Task<List<Delivery>> ClaimAsync(int most, CancellationToken cancellation) => database.WriteAsync(
        async context =>
        {
            var now = time.GetUtcNow().UtcTicks;
            var due = await context.AlertDeliveries.AsNoTracking()
                .Where(delivery => delivery.State == DeliveryState.Pending && delivery.DueAt <= now && (delivery.ClaimedUntil == null || delivery.ClaimedUntil < now))
                .OrderBy(delivery => delivery.DueAt).ThenBy(delivery => delivery.Id).Take(most)
                .Join(context.Webhooks, delivery => delivery.WebhookId, webhook => webhook.Id, (delivery, webhook) => new Delivery(delivery.Id, delivery.MessageId, delivery.Kind, webhook.Url, webhook.Secret, delivery.Body, delivery.Tries + 1))
                .ToListAsync(cancellation);
            var claimed = new List<Delivery>();
            foreach (var delivery in due)
            {
                if (await Sql.ExecuteAsync(
                    context, "UPDATE alert_deliveries SET claimed_until = @until, tries = tries + 1 WHERE id = @id AND state = 'Pending' AND (claimed_until IS NULL OR claimed_until < @now)", cancellation,
                    ("@until", now + Claim.Ticks), ("@id", delivery.Id), ("@now", now)) == 1)
                {
                    claimed.Add(delivery);
                }
            }

            return claimed;
        },
        cancellation);

    /// <summary>Writes down what became of a try.</summary>
    public Task EndAsync(Delivery delivery, WebhookSender.Result result, CancellationToken cancellation) => database.WriteAsync(
        async context =>
        {
            var now = time.GetUtcNow().UtcTicks;
            var state = result.Problem is null ? DeliveryState.Delivered : result.Hopeless || delivery.Tries > Backoff.Length ? DeliveryState.GivenUp : DeliveryState.Pending;
            var due = state == DeliveryState.Pending ? now + Backoff[delivery.Tries - 1].Ticks : now;

            // The claim may have ended and another server may have sent it too: then the message was delivered, whatever this try came to.
            return await Sql.ExecuteAsync(
                context,
                "UPDATE alert_deliveries SET state = @state, claimed_until = NULL, due_at = @due, ended_at = @ended, status = @status, problem = @problem WHERE id = @id AND state = 'Pending'",
                cancellation,
                ("@state", state.ToString()), ("@due", due), ("@ended", state == DeliveryState.Pending ? null : now), ("@status", result.Status), ("@problem", result.Problem is null ? null : CleanText.Line(result.Problem, 500)), ("@id", delivery.Id));
        },
        cancellation);

    private async Task<int> WriteEventsAsync(CatchUpContext context, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var busy = now.UtcTicks - BetweenFailures.Ticks;
        var failuresToo = !await context.AlertDeliveries.AnyAsync(delivery => delivery.Kind == AlertKind.RunFailed && delivery.CreatedAt > busy, cancellation);

        // Deleted and read in one statement: of two servers that look at once, each event is one's.
        var events = await Sql.ListAsync(
            context,
            $"DELETE FROM alert_events WHERE id IN (SELECT id FROM alert_events {(failuresToo ? "" : "WHERE state <> 'Failed'")} ORDER BY id LIMIT {EventsAtOnce}) RETURNING id, run_id, sweep_id, state, at",
            row => new Event(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), Enum.Parse<RunState>(row.GetString(3)), row.GetInt64(4)),
            cancellation);
        if (events.Count == 0)
        {
            return 0;
        }

        var webhooks = await context.Webhooks.AsNoTracking().Where(webhook => webhook.Enabled && (webhook.OnFailure || webhook.OnSweepFinished)).ToListAsync(cancellation);
        var failed = events.Where(entry => entry.State == RunState.Failed).OrderBy(entry => entry.Id).ToList();
        var written = 0;
        if (failed.Count > 0 && webhooks.Exists(webhook => webhook.OnFailure))
        {
            var runs = await FailedAsync(context, failed, cancellation);
            foreach (var webhook in webhooks.Where(webhook => webhook.OnFailure && runs.Count > 0))
            {
                var id = Guid.NewGuid();
                written += await AddAsync(context, webhook.Id, id, AlertKind.RunFailed, $"run-failed:{failed[^1].Id}", AlertMessage.Failed(id, [.. runs.Take(RunsInMessage)], runs.Count, options.PublicUrl, now), now.UtcTicks, cancellation);
            }
        }

        if (webhooks.Exists(webhook => webhook.OnSweepFinished))
        {
            foreach (var sweep in events.Select(entry => entry.Sweep).Distinct())
            {
                written += await FinishedAsync(context, sweep, [.. webhooks.Where(webhook => webhook.OnSweepFinished)], now, cancellation);
            }
        }

        return written;
    }

    private static async Task<List<AlertMessage.FailedRun>> FailedAsync(CatchUpContext context, List<Event> failed, CancellationToken cancellation)
    {
        var runs = new List<AlertMessage.FailedRun>();
        foreach (var chunk in failed.Select(entry => entry.Run).Distinct().Chunk(500))
        {
            // One that was retried meanwhile is nobody's worry any more.
            runs.AddRange((await context.Runs.AsNoTracking().Where(run => chunk.Contains(run.Id) && run.State == RunState.Failed)
                .Join(context.Sweeps, run => run.SweepId, sweep => sweep.Id, (run, sweep) => new { run.Id, run.Name, run.SweepId, Sweep = sweep.Name, run.Cause, run.Advice, run.Failure })
                .OrderBy(run => run.Id).ToListAsync(cancellation))
                .Select(run => new AlertMessage.FailedRun(run.Id, run.Name, run.SweepId, run.Sweep, run.Cause ?? "Nothing says why.", run.Advice, run.Failure ?? FailureKind.Other)));
        }

        return runs;
    }

    /// <summary>A sweep that was retried and finishes again is told again: what it is about is the end of its last run.</summary>
    private async Task<int> FinishedAsync(CatchUpContext context, long id, List<WebhookEntity> webhooks, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await context.Sweeps.AsNoTracking().FirstOrDefaultAsync(entity => entity.Id == id, cancellation) is not { } sweep
            || sweep is { Search: not null, SearchEnded: false }
            || await context.Runs.AnyAsync(run => run.SweepId == id && (run.State == RunState.Queued || run.State == RunState.Running || run.State == RunState.Paused), cancellation))
        {
            return 0;
        }

        var states = await context.Runs.Where(run => run.SweepId == id).GroupBy(run => run.State).Select(group => new { State = group.Key, Runs = group.Count(), Ended = group.Max(run => run.EndedAt) }).ToListAsync(cancellation);
        var best = (await BestEvaluations.AtAsync(context, [id], long.MaxValue, long.MaxValue, cancellation)).GetValueOrDefault(id);
        var evaluation = best is null ? null : await context.Evaluations.AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == best.Evaluation, cancellation);
        var written = 0;
        foreach (var webhook in webhooks)
        {
            var message = Guid.NewGuid();
            var body = AlertMessage.Finished(
                message, id, sweep.Name, Of(RunState.Completed), Of(RunState.Failed), Of(RunState.Cancelled) + Of(RunState.Pruned), evaluation is null ? null : EvaluationStore.From(evaluation), best?.Run, options.PublicUrl, now);
            written += await AddAsync(context, webhook.Id, message, AlertKind.SweepFinished, $"sweep-finished:{id}:{states.Max(state => state.Ended)}", body, now.UtcTicks, cancellation);
        }

        return written;

        int Of(RunState state) => states.Find(row => row.State == state)?.Runs ?? 0;
    }

    private async Task<int> WriteDigestsAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var webhooks = await database.ReadAsync(context => context.Webhooks.Where(webhook => webhook.Enabled && webhook.DigestAt != null).ToListAsync(cancellation), cancellation);
        var written = 0;
        foreach (var webhook in webhooks)
        {
            if (NightTimes.Parse(webhook.DigestAt) is not { } at || !TimeZoneInfo.TryFindSystemTimeZoneById(webhook.DigestZone ?? "UTC", out var zone))
            {
                continue;
            }

            var due = NightTimes.Last(at, zone, now);
            var key = $"digest:{AlertMessage.Stamp(due)}";
            if (due.UtcTicks < webhook.UpdatedAt || now - due > DigestPatience
                || await database.ReadAsync(context => context.AlertDeliveries.AnyAsync(delivery => delivery.WebhookId == webhook.Id && delivery.Key == key, cancellation), cancellation))
            {
                continue;
            }

            var night = await nights.ReadAsync(NightTimes.Start(NightTimes.Yesterday(due, zone), zone), due, cancellation);
            var id = Guid.NewGuid();
            var body = AlertMessage.Digest(id, night, zone, options.PublicUrl, now);
            written += await database.WriteAsync(context => AddAsync(context, webhook.Id, id, AlertKind.Digest, key, body, now.UtcTicks, cancellation), cancellation);
        }

        return written;
    }

    /// <summary>Adds a message unless the webhook has one of that key; and forgets what is long done.</summary>
    public static async Task<int> AddAsync(CatchUpContext context, long webhook, Guid message, AlertKind kind, string key, string body, long now, CancellationToken cancellation)
    {
        await Sql.ExecuteAsync(context, "DELETE FROM alert_deliveries WHERE webhook_id = @webhook AND state <> 'Pending' AND created_at < @old", cancellation, ("@webhook", webhook), ("@old", now - Kept.Ticks));
        return await Sql.ExecuteAsync(
            context,
            """
            INSERT INTO alert_deliveries (message_id, webhook_id, kind, key, body, state, tries, created_at, due_at)
            VALUES (@message, @webhook, @kind, @key, @body, 'Pending', 0, @now, @now) ON CONFLICT (webhook_id, key) DO NOTHING
            """,
            cancellation,
            ("@message", message), ("@webhook", webhook), ("@kind", kind.ToString()), ("@key", key), ("@body", body), ("@now", now));
    }
}
