using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Sweeps;
using CatchUp.Search.Ledger;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Searches;

/// <summary>
/// Lets searches go on: under the sweep's lock it tells the ledger what came of the trials, and carries out in the same transaction what
/// the ledger concludes. All it needs is in the database, so it may begin at any time and on several servers at once; ledgers are kept
/// in memory only so as not to be read again.
/// </summary>
internal sealed class SearchCoordinator(TrackingDatabase database, TrackingNews news, TimeProvider time) : IDisposable
{
    /// <summary>A ledger of 100,000 trials takes 60 MB.</summary>
    private const int MostKept = 16;

    /// <summary>Ledgers are not for several threads.</summary>
    private readonly SemaphoreSlim _gate = new(1, 1);

    private readonly Dictionary<long, SearchLedger> _ledgers = [];

    /// <summary>Those of the sweeps that search and have not ended; null: of all.</summary>
    public Task<List<long>> OpenAsync(IReadOnlyList<long>? among, CancellationToken cancellation) => among is { Count: 0 } ? Task.FromResult<List<long>>([]) : database.ReadAsync(
        async context =>
        {
            var open = context.Sweeps.Where(sweep => sweep.Search != null && !sweep.SearchEnded);
            var chosen = among is null || among.Count > 1000 ? open : open.Where(sweep => among.Contains(sweep.Id));
            return await chosen.OrderBy(sweep => sweep.Id).Select(sweep => sweep.Id).ToListAsync(cancellation);
        },
        cancellation);

    /// <summary>Looks what came of the sweep's trials, and begins, stops and goes on with what follows.</summary>
    public async Task AdvanceAsync(long sweep, CancellationToken cancellation)
    {
        // A large number of parallel runs is proposed in several transactions: other writers wait for each.
        while ((await ChangeAsync(sweep, null, cancellation)).Effects is { More: true })
        {
        }
    }

    /// <summary>Writes something into the ledger by hand, and goes on.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="command">Says what was done; throws <see cref="LedgerException"/> when it cannot be.</param>
    /// <param name="cancellation">The caller's.</param>
    public async Task<CommandOutcome> CommandAsync(long sweep, Func<SearchLedger, SweepEntity, string> command, CancellationToken cancellation)
    {
        var (outcome, effects) = await ChangeAsync(sweep, command, cancellation);
        if (effects is { More: true })
        {
            await AdvanceAsync(sweep, cancellation);
        }

        return outcome;
    }

    /// <summary>Reads something of a sweep's ledger as it is stored; the default when the sweep does not search.</summary>
    public async Task<T?> ReadAsync<T>(long sweep, Func<SweepEntity, SearchSpecification, SearchLedger, T> read, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            return await database.ReadAsync(
                async context =>
                {
                    if (await context.Sweeps.FirstOrDefaultAsync(candidate => candidate.Id == sweep, cancellation) is not { Search: { } search } entity)
                    {
                        return default;
                    }

                    var specification = SearchSpecification.FromJson(search);
                    var ledger = await LedgerAsync(context, sweep, specification, cancellation);
                    Keep(sweep, ledger);
                    return read(entity, specification, ledger);
                },
                cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private void Keep(long sweep, SearchLedger ledger)
    {
        if (_ledgers.Count >= MostKept && !_ledgers.ContainsKey(sweep))
        {
            _ledgers.Remove(_ledgers.Keys.Min());
        }

        _ledgers[sweep] = ledger;
    }

    private async Task<(CommandOutcome Outcome, SearchEffects? Effects)> ChangeAsync(long sweep, Func<SearchLedger, SweepEntity, string>? command, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            SearchLedger? written = null;
            var (outcome, effects) = await database.WriteAsync<(CommandOutcome, SearchEffects?)>(
                async context =>
                {
                    written = null;
                    await Sql.NumberAsync(context, "SELECT id FROM sweeps WHERE id = @sweep" + database.Dialect.LockRow, cancellation, ("@sweep", sweep));
                    if (await context.Sweeps.AsTracking().FirstOrDefaultAsync(candidate => candidate.Id == sweep, cancellation) is not { } entity)
                    {
                        _ledgers.Remove(sweep);
                        return (new(CommandResult.NotFound, $"There is no sweep {sweep}."), null);
                    }

                    if (entity.Search is null)
                    {
                        return (new(CommandResult.Refused, "This sweep is a plain grid: all its configurations are known, and none is searched for."), null);
                    }

                    var specification = SearchSpecification.FromJson(entity.Search);
                    var ledger = await LedgerAsync(context, sweep, specification, cancellation);
                    var said = "";
                    try
                    {
                        said = command?.Invoke(ledger, entity) ?? "";
                    }
                    catch (LedgerException refusal)
                    {
                        return (new(CommandResult.Refused, refusal.Message), null);
                    }

                    var advance = new SearchAdvance(context, database, entity, specification, ledger, time.GetUtcNow().UtcTicks);
                    var effects = await advance.RunAsync(cancellation);
                    written = ledger;
                    return (new(CommandResult.Accepted, said), effects);
                },
                cancellation);
            if (written is not null)
            {
                Keep(sweep, written);
            }

            await TellAsync(sweep, effects, command is not null);
            return (outcome, effects);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// The ledger as it is stored. It is taken out of the memory until the transaction has been committed: what a transaction that failed
    /// wrote into it never happened.
    /// </summary>
    private async Task<SearchLedger> LedgerAsync(CatchUpContext context, long sweep, SearchSpecification specification, CancellationToken cancellation)
    {
        var length = await Sql.NumberAsync(context, "SELECT MAX(number) FROM search_entries WHERE sweep_id = @sweep", cancellation, ("@sweep", sweep)) ?? 0;
        if (_ledgers.Remove(sweep, out var kept) && kept.Length == length)
        {
            return kept;
        }

        return SearchLedger.Replay(specification.ReadSpace(), specification.Rules, await EntriesAsync(context, sweep, cancellation));
    }

    internal static async Task<List<LedgerEntry>> EntriesAsync(CatchUpContext context, long sweep, CancellationToken cancellation) => await Sql.ListAsync(
        context, "SELECT line FROM search_entries WHERE sweep_id = @sweep ORDER BY number", row => LedgerEntry.FromLine(row.GetString(0)), cancellation, ("@sweep", sweep));

    private async Task TellAsync(long sweep, SearchEffects? effects, bool always)
    {
        if (effects is null || !(effects.Any || always))
        {
            return;
        }

        List<object> messages = [.. effects.Orders];
        messages.AddRange(effects.Runs.Select(run => new RunChanged { RunId = run, SweepId = sweep, StateChanged = true }));
        if (effects.Queued > 0)
        {
            messages.Add(new RunsQueued { Count = effects.Queued });
        }

        messages.Add(new SweepChanged { SweepId = sweep });
        await news.PublishAsync(messages);
    }
}
