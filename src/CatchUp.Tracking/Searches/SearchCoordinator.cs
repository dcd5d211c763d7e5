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
/// in memory only so as not to be read again, and each follows what other servers have written into it since.
/// </summary>
internal sealed class SearchCoordinator(TrackingDatabase database, TrackingNews news, TimeProvider time)
{
    /// <summary>Of all ledgers that are kept together: a trial takes about 300 bytes.</summary>
    private const int MostTrials = 500_000;

    private const int MostKept = 100;

    /// <summary>Entries that are read at a time.</summary>
    private const int Piece = 20_000;

    private readonly Lock _lock = new();

    private readonly Dictionary<long, Kept> _kept = [];

    private long _uses;

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
    public Task<T?> ReadAsync<T>(long sweep, Func<SweepEntity, SearchSpecification, SearchLedger, T> read, CancellationToken cancellation) => AloneAsync(
        sweep,
        kept => database.ReadAsync(
            async context =>
            {
                if (await context.Sweeps.FirstOrDefaultAsync(candidate => candidate.Id == sweep, cancellation) is not { Search: { } search } entity)
                {
                    return default;
                }

                var specification = SearchSpecification.FromJson(search);
                await FollowAsync(context, sweep, specification, kept, cancellation);
                return read(entity, specification, kept.Ledger!);
            },
            cancellation),
        cancellation);

    /// <summary>The next entries of a ledger as they are stored; none after its end.</summary>
    /// <param name="after">Number of the last one that is known.</param>
    internal static async Task<IReadOnlyList<LedgerEntry>> PieceAsync(CatchUpContext context, long sweep, long after, CancellationToken cancellation) => await Sql.ListAsync(
        context, $"SELECT line FROM search_entries WHERE sweep_id = @sweep AND number > @after ORDER BY number LIMIT {Piece}", row => LedgerEntry.FromLine(row.GetString(0)), cancellation, ("@sweep", sweep), ("@after", after));

    /// <summary>One at a time for each sweep: ledgers are not for several threads. A large sweep keeps no other one waiting.</summary>
    private async Task<T> AloneAsync<T>(long sweep, Func<Kept, Task<T>> work, CancellationToken cancellation)
    {
        Kept? kept;
        lock (_lock)
        {
            if (!_kept.TryGetValue(sweep, out kept))
            {
                _kept[sweep] = kept = new Kept();
            }

            (kept.Users, kept.Used) = (kept.Users + 1, ++_uses);
        }

        try
        {
            await kept.Gate.WaitAsync(cancellation);
            try
            {
                return await work(kept);
            }
            finally
            {
                kept.Trials = kept.Ledger?.History.Trials.Count ?? 0;
                kept.Gate.Release();
            }
        }
        finally
        {
            lock (_lock)
            {
                kept.Users--;
                Forget();
            }
        }
    }

    /// <summary>The ledgers that nobody has asked for the longest, when they are too many or too large.</summary>
    private void Forget()
    {
        while ((_kept.Count > MostKept || _kept.Values.Sum(kept => kept.Trials) > MostTrials) && _kept.Where(pair => pair.Value.Users == 0).OrderBy(pair => pair.Value.Used).Select(pair => (long?)pair.Key).FirstOrDefault() is { } oldest)
        {
            _kept.Remove(oldest);
        }
    }

    private Task<(CommandOutcome Outcome, SearchEffects? Effects)> ChangeAsync(long sweep, Func<SearchLedger, SweepEntity, string>? command, CancellationToken cancellation) => AloneAsync(
        sweep,
        async kept =>
        {
            if (kept.Ledger is null)
            {
                // A long ledger takes seconds to read: no other writer waits for that.
                await database.ReadAsync(
                    async context =>
                    {
                        if (await context.Sweeps.Where(candidate => candidate.Id == sweep).Select(candidate => candidate.Search).FirstOrDefaultAsync(cancellation) is { } search)
                        {
                            await FollowAsync(context, sweep, SearchSpecification.FromJson(search), kept, cancellation);
                        }

                        return 0;
                    },
                    cancellation);
            }

            SearchLedger? written = null;
            var (outcome, effects) = await database.WriteAsync<(CommandOutcome, SearchEffects?)>(
                async context =>
                {
                    written = null;
                    await Sql.NumberAsync(context, "SELECT id FROM sweeps WHERE id = @sweep" + database.Dialect.LockRow, cancellation, ("@sweep", sweep));
                    if (await context.Sweeps.AsTracking().FirstOrDefaultAsync(candidate => candidate.Id == sweep, cancellation) is not { } entity)
                    {
                        kept.Ledger = null;
                        return (new(CommandResult.NotFound, $"There is no sweep {sweep}."), null);
                    }

                    if (entity.Search is null)
                    {
                        return (new(CommandResult.Refused, "This sweep is a plain grid: all its configurations are known, and none is searched for."), null);
                    }

                    var specification = SearchSpecification.FromJson(entity.Search);
                    await FollowAsync(context, sweep, specification, kept, cancellation);

                    // Out of the memory until the commit: what a transaction that failed wrote into a ledger never happened.
                    var ledger = kept.Ledger!;
                    var length = ledger.Length;
                    kept.Ledger = null;
                    var said = "";
                    try
                    {
                        said = command?.Invoke(ledger, entity) ?? "";
                    }
                    catch (LedgerException refusal)
                    {
                        kept.Ledger = ledger.Length == length ? ledger : null;
                        return (new(CommandResult.Refused, refusal.Message), null);
                    }

                    var advance = new SearchAdvance(context, database, entity, specification, ledger, time.GetUtcNow().UtcTicks);
                    var effects = await advance.RunAsync(cancellation);
                    written = ledger;
                    return (new(CommandResult.Accepted, said), effects);
                },
                cancellation);
            kept.Ledger = written ?? kept.Ledger;
            await TellAsync(sweep, effects, command is not null);
            return (outcome, effects);
        },
        cancellation);

    /// <summary>Makes the kept ledger the stored one, by reading what has been written since, in pieces.</summary>
    private static async Task FollowAsync(CatchUpContext context, long sweep, SearchSpecification specification, Kept kept, CancellationToken cancellation)
    {
        var length = await Sql.NumberAsync(context, "SELECT MAX(number) FROM search_entries WHERE sweep_id = @sweep", cancellation, ("@sweep", sweep)) ?? 0;
        var ledger = kept.Ledger is { } known && known.Length <= length ? known : new SearchLedger(specification.ReadSpace(), specification.Rules);

        // A ledger that breaks off on the way is none.
        kept.Ledger = null;
        while (ledger.Length < length && await PieceAsync(context, sweep, ledger.Length, cancellation) is { Count: > 0 } piece)
        {
            ledger.Follow(piece);
        }

        ledger.DecideReported();
        kept.Ledger = ledger;
    }

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

    /// <summary>A sweep's ledger while it is in memory.</summary>
    private sealed class Kept
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        /// <summary>Null when it has to be read.</summary>
        public SearchLedger? Ledger { get; set; }

        public int Trials { get; set; }

        public int Users { get; set; }

        public long Used { get; set; }
    }
}
