using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Artifacts;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Reproductions;

/// <summary>Certificates of runs that repeat others: kept when both have ended, and until then made again now and then.</summary>
public sealed class CertificateStore : IDisposable
{
    /// <summary>While runs go on, a comparison is as good as new for so long, and for ten times what it took.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    private const int MostRemembered = 200;

    private readonly TrackingDatabase _database;
    private readonly ArtifactDirectory _artifacts;
    private readonly TrackingNews _news;
    private readonly TimeProvider _time;
    private readonly Dictionary<long, (long MadeAt, TimeSpan Cost, StoredCertificate Certificate)> _pending = [];

    /// <summary>One comparison at a time: each may read millions of points.</summary>
    private readonly SemaphoreSlim _one = new(1, 1);

    internal CertificateStore(TrackingDatabase database, ArtifactDirectory artifacts, TrackingNews news, TimeProvider time)
        => (_database, _artifacts, _news, _time) = (database, artifacts, news, time);

    /// <summary>The certificate of a run that repeats another; null when there is no such run, or it repeats none.</summary>
    public async Task<StoredCertificate?> FindAsync(long run, CancellationToken cancellation)
    {
        if ((await LookAsync(run, cancellation)).Kept is { } kept)
        {
            return kept;
        }

        await _one.WaitAsync(cancellation);
        try
        {
            var (meanwhile, ended) = await LookAsync(run, cancellation);
            if (meanwhile is not null)
            {
                return meanwhile;
            }

            // The last word is never an old one.
            return !ended && _pending.TryGetValue(run, out var known) && _time.GetElapsedTime(known.MadeAt) < TimeSpan.FromTicks(Math.Max(Fresh.Ticks, known.Cost.Ticks * 10))
                ? known.Certificate
                : await MakeAsync(run, cancellation);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Compares what is stored now, whatever was found before; null as for <see cref="FindAsync"/>.</summary>
    public async Task<StoredCertificate?> MakeAgainAsync(long run, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            return await MakeAsync(run, cancellation);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Makes those that are due: of runs that have ended since they were last compared.</summary>
    /// <returns>How many were made.</returns>
    internal async Task<int> MakeDueAsync(CancellationToken cancellation)
    {
        var due = await _database.ReadAsync(
            context => Sql.ListAsync(
                context,
                """
                SELECT r.id FROM runs r LEFT JOIN certificates c ON c.run_id = r.id LEFT JOIN runs o ON o.id = r.reproduces_run_id
                WHERE r.reproduces_run_id IS NOT NULL AND r.ended_at IS NOT NULL AND (o.id IS NULL OR o.ended_at IS NOT NULL)
                  AND (c.run_id IS NULL OR c.run_ended_at <> r.ended_at OR (o.id IS NOT NULL AND (c.original_ended_at IS NULL OR c.original_ended_at <> o.ended_at)))
                ORDER BY r.id LIMIT 20
                """,
                row => row.GetInt64(0), cancellation),
            cancellation);
        foreach (var run in due)
        {
            await FindAsync(run, cancellation);
        }

        return due.Count;
    }

    public void Dispose() => _one.Dispose();

    /// <summary>The stored one, if nothing has ended anew since; and whether both runs have ended.</summary>
    private Task<(StoredCertificate? Kept, bool Ended)> LookAsync(long run, CancellationToken cancellation) => _database.ReadAsync(
        async context =>
        {
            var now = await context.Runs.Where(entity => entity.Id == run && entity.ReproducesRunId != null).Select(entity => new { entity.EndedAt, Original = entity.ReproducesRunId!.Value }).FirstOrDefaultAsync(cancellation);
            var original = now is null ? null : await context.Runs.Where(entity => entity.Id == now.Original).Select(entity => new { entity.EndedAt }).FirstOrDefaultAsync(cancellation);
            var kept = now is null ? null : await context.Certificates.FirstOrDefaultAsync(certificate => certificate.RunId == run, cancellation);
            var holds = kept is not null && now!.EndedAt == kept.RunEndedAt && (original is null || original.EndedAt == kept.OriginalEndedAt);
            return (
                holds ? new StoredCertificate(JsonSerializer.Deserialize<Certificate>(kept!.Content, ContractJson.Options)!, kept.Content, kept.Sha256) : null,
                now?.EndedAt is not null && (original is null || original.EndedAt is not null));
        },
        cancellation);

    private async Task<StoredCertificate?> MakeAsync(long run, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        var clock = Stopwatch.StartNew();
        var made = await _database.ReadAsync<(Certificate Certificate, RunEntity Run, RunEntity? Original)?>(
            async context =>
            {
                if (await context.Runs.FirstOrDefaultAsync(candidate => candidate.Id == run && candidate.ReproducesRunId != null, cancellation) is not { } entity)
                {
                    return null;
                }

                var original = await context.Runs.FirstOrDefaultAsync(candidate => candidate.Id == entity.ReproducesRunId, cancellation);
                return (await new CertificateMaking(context, _artifacts, _time.GetUtcNow()).MakeAsync(entity, original, cancellation), entity, original);
            },
            cancellation);
        if (made is not var (certificate, reproduction, from))
        {
            return null;
        }

        var content = JsonSerializer.Serialize(certificate, ContractJson.Options);
        var stored = new StoredCertificate(certificate, content, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))));
        if (certificate.Final && reproduction.EndedAt is { } ended)
        {
            _pending.Remove(run);
            if (await KeepAsync(stored, reproduction, ended, from?.EndedAt, cancellation))
            {
                await _news.RunDataArrivedAsync(run, reproduction.SweepId);
                if (from is not null)
                {
                    await _news.RunDataArrivedAsync(from.Id, from.SweepId);
                }
            }
        }
        else
        {
            if (_pending.Count >= MostRemembered)
            {
                _pending.Clear();
            }

            _pending[run] = (began, clock.Elapsed, stored);
        }

        return stored;
    }

    /// <returns>False when the run was deleted, or has begun again, meanwhile.</returns>
    private Task<bool> KeepAsync(StoredCertificate certificate, RunEntity run, long ended, long? originalEnded, CancellationToken cancellation) => _database.WriteAsync(
        async context =>
        {
            if (await _database.LockRunAsync(context, run.Id, cancellation) is not { } now || now.EndedAt != ended)
            {
                return false;
            }

            // An earlier certificate was made while the original was there: it says more than that the original is gone.
            if (originalEnded is null && await context.Certificates.AnyAsync(kept => kept.RunId == run.Id && kept.RunEndedAt == ended && kept.OriginalEndedAt != null, cancellation))
            {
                return false;
            }

            await context.Certificates.Where(kept => kept.RunId == run.Id).ExecuteDeleteAsync(cancellation);
            context.Certificates.Add(new CertificateEntity
            {
                RunId = run.Id,
                OriginalRunId = run.ReproducesRunId!.Value,
                RunEndedAt = ended,
                OriginalEndedAt = originalEnded,
                MadeAt = certificate.Certificate.MadeAt.UtcTicks,
                Content = certificate.Content,
                Sha256 = certificate.Sha256,
            });
            return true;
        },
        cancellation);
}
