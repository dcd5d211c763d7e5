using CatchUp.Tracking.Database;
using CatchUp.Tracking.Nights;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Alerts;

/// <summary>Webhooks and their last messages.</summary>
public sealed class AlertStore
{
    public const int MostWebhooks = 50, LongestName = 100, LongestSecret = 200, ShortestSecret = 16;

    private readonly TrackingDatabase _database;
    private readonly WebhookTargets _targets;
    private readonly TimeProvider _time;

    internal AlertStore(TrackingDatabase database, WebhookTargets targets, TimeProvider time)
    {
        _database = database;
        _targets = targets;
        _time = time;
    }

    public Task<IReadOnlyList<Webhook>> ListAsync(CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<Webhook>>(
        async context => (await context.Webhooks.OrderBy(webhook => webhook.Id).ToListAsync(cancellation)).ConvertAll(From), cancellation);

    public Task<Webhook?> FindAsync(long id, CancellationToken cancellation) => _database.ReadAsync(
        async context => await context.Webhooks.FirstOrDefaultAsync(webhook => webhook.Id == id, cancellation) is { } entity ? From(entity) : null, cancellation);

    /// <summary>The last messages of a webhook, or of all of them, latest first.</summary>
    public Task<IReadOnlyList<AlertDelivery>> DeliveriesAsync(long? webhook, int limit, CancellationToken cancellation)
    {
        var (_, count) = Paging.Clamp(0, limit);
        return _database.ReadAsync<IReadOnlyList<AlertDelivery>>(
            async context => (await context.AlertDeliveries.Where(delivery => webhook == null || delivery.WebhookId == webhook).OrderByDescending(delivery => delivery.Id).Take(count).ToListAsync(cancellation)).ConvertAll(From),
            cancellation);
    }

    /// <summary>What is wrong with a draft, by field; nothing when it can be stored.</summary>
    public IReadOnlyDictionary<string, string> Problems(WebhookDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var problems = new Dictionary<string, string>();
        if (draft.Name.Trim().Length is 0 or > LongestName || draft.Name.Any(char.IsControl))
        {
            problems["name"] = $"A webhook's name has 1 to {LongestName} characters and no control characters.";
        }

        if (_targets.Problem(draft.Url) is { } url)
        {
            problems["url"] = url;
        }

        if (draft.Secret is { Length: > 0 } secret && (secret.Length is < ShortestSecret or > LongestSecret || secret.Any(char.IsControl)))
        {
            problems["secret"] = $"A secret has {ShortestSecret} to {LongestSecret} characters and no control characters; or leave it empty.";
        }

        if (draft.DigestAt is { Length: > 0 } at && NightTimes.Parse(at) is null)
        {
            problems["digestAt"] = "The digest's time is written as in 07:30; or leave it empty for none.";
        }

        if (draft.DigestAt is { Length: > 0 } && (draft.DigestZone is not { Length: > 0 } zone || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)))
        {
            problems["digestZone"] = "The digest needs the time zone of its time, as in Europe/Berlin.";
        }

        if (draft is { OnFailure: false, OnSweepFinished: false, DigestAt: null or "" })
        {
            problems["events"] = "Choose at least one event: a failure, a finished sweep, or a digest with its time.";
        }

        return problems;
    }

    /// <returns>The new webhook; null when there are as many as there may be.</returns>
    /// <exception cref="ArgumentException">The draft has problems.</exception>
    public Task<Webhook?> AddAsync(WebhookDraft draft, CancellationToken cancellation)
    {
        Check(draft);
        return _database.WriteAsync(
            async context =>
            {
                if (await context.Webhooks.CountAsync(cancellation) >= MostWebhooks)
                {
                    return null;
                }

                var now = _time.GetUtcNow().UtcTicks;
                var entity = new WebhookEntity { Name = "", Url = "", CreatedAt = now };
                Fill(entity, draft, now);
                context.Webhooks.Add(entity);
                await context.SaveChangesAsync(cancellation);
                return From(entity);
            },
            cancellation);
    }

    /// <exception cref="ArgumentException">The draft has problems.</exception>
    public Task<Webhook?> ChangeAsync(long id, WebhookDraft draft, CancellationToken cancellation)
    {
        Check(draft);
        return _database.WriteAsync(
            async context =>
            {
                if (await context.Webhooks.AsTracking().FirstOrDefaultAsync(webhook => webhook.Id == id, cancellation) is not { } entity)
                {
                    return null;
                }

                Fill(entity, draft, _time.GetUtcNow().UtcTicks);
                return From(entity);
            },
            cancellation);
    }

    public async Task<CommandOutcome> RemoveAsync(long id, CancellationToken cancellation) =>
        await _database.WriteAsync(context => context.Webhooks.Where(webhook => webhook.Id == id).ExecuteDeleteAsync(cancellation), cancellation) == 1
            ? new(CommandResult.Accepted, "The webhook is removed; what it was still to get is not sent.")
            : new(CommandResult.NotFound, $"There is no webhook {id}.");

    /// <summary>Has a test message sent, by the same way as every other.</summary>
    public async Task<CommandOutcome> TestAsync(long id, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var message = Guid.NewGuid();
        var written = await _database.WriteAsync(
            async context => await context.Webhooks.Where(webhook => webhook.Id == id).Select(webhook => webhook.Name).FirstOrDefaultAsync(cancellation) is { } name
                ? await AlertOutbox.AddAsync(context, id, message, AlertKind.Test, $"test:{message}", AlertMessage.Test(message, name, now), now.UtcTicks, cancellation)
                : 0,
            cancellation);
        return written == 1 ? new(CommandResult.Accepted, "A test message is on its way; its delivery is listed below.") : new(CommandResult.NotFound, $"There is no webhook {id}.");
    }

    private void Check(WebhookDraft draft)
    {
        if (Problems(draft) is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join(' ', problems.Values), nameof(draft));
        }
    }

    private static void Fill(WebhookEntity entity, WebhookDraft draft, long now)
    {
        entity.Name = draft.Name.Trim();
        entity.Url = draft.Url;
        entity.Secret = draft.Secret is null ? entity.Secret : draft.Secret.Length == 0 ? null : draft.Secret;
        entity.OnFailure = draft.OnFailure;
        entity.OnSweepFinished = draft.OnSweepFinished;
        entity.DigestAt = string.IsNullOrEmpty(draft.DigestAt) ? null : draft.DigestAt;
        entity.DigestZone = entity.DigestAt is null ? null : draft.DigestZone;
        entity.Enabled = draft.Enabled;
        entity.UpdatedAt = now;
    }

    private static Webhook From(WebhookEntity entity) => new(
        entity.Id, entity.Name, entity.Url, entity.Secret is not null, entity.OnFailure, entity.OnSweepFinished, entity.DigestAt, entity.DigestZone, entity.Enabled, RunSummaries.Time(entity.CreatedAt));

    private static AlertDelivery From(AlertDeliveryEntity entity) => new(
        entity.Id, entity.MessageId, entity.WebhookId, entity.Kind, entity.State, entity.Tries, RunSummaries.Time(entity.CreatedAt), entity.State == DeliveryState.Pending ? RunSummaries.Time(entity.DueAt) : null,
        RunSummaries.Time(entity.EndedAt), entity.Status, entity.Problem, entity.Body);
}
