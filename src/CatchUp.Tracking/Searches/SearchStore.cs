using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Sweeps;
using CatchUp.Search.Ledger;
using CatchUp.Search.Spaces;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Searches;

/// <summary>Reads the searches of sweeps and takes commands for them. Results are never added by hand: they come from runs alone.</summary>
public sealed class SearchStore : IDisposable
{
    private readonly SemaphoreSlim _verifying = new(1, 1);
    private readonly TrackingDatabase _database;
    private readonly SearchCoordinator _coordinator;

    internal SearchStore(TrackingDatabase database, SearchCoordinator coordinator) => (_database, _coordinator) = (database, coordinator);

    public void Dispose() => _verifying.Dispose();

    /// <summary>How the search of a sweep stands; null when there is no such sweep or it is a plain grid.</summary>
    public async Task<SearchReport?> FindAsync(long sweep, CancellationToken cancellation)
    {
        if (await _coordinator.ReadAsync<(SearchReport Report, int? Best, IReadOnlyList<int> Front)?>(sweep, (entity, specification, ledger) => SearchReport.From(entity, specification, ledger), cancellation) is not var (report, best, front))
        {
            return null;
        }

        var shown = await _database.ReadAsync(
            async context =>
            {
                var trials = new Dictionary<int, SearchTrial>();
                foreach (var chunk in (best is { } first ? front.Append(first) : front).Distinct().Chunk(1000))
                {
                    foreach (var trial in await TrialsAsync(context.SearchEntries.Where(entry => entry.SweepId == sweep && entry.Trial != null && chunk.Contains(entry.Trial.Value)), cancellation))
                    {
                        trials[trial.Trial] = trial;
                    }
                }

                return trials;
            },
            cancellation);
        return report with { Best = best is { } number ? shown[number] : null, Front = [.. front.Select(trial => shown[trial])] };
    }

    /// <summary>The trials of a search by their numbers; null when there is no such search.</summary>
    public Task<Page<SearchTrial>?> TrialsAsync(long sweep, int offset, int limit, CancellationToken cancellation)
    {
        (offset, limit) = Paging.Clamp(offset, limit);
        var end = (int)Math.Min(int.MaxValue, (long)offset + limit);
        return _database.ReadAsync(
            async context =>
            {
                if (!await context.Sweeps.AnyAsync(candidate => candidate.Id == sweep && candidate.Search != null, cancellation))
                {
                    return null;
                }

                var total = await context.SearchEntries.Where(entry => entry.SweepId == sweep).MaxAsync(entry => entry.Trial, cancellation) + 1 ?? 0;
                return Paging.Page(await TrialsAsync(context.SearchEntries.Where(entry => entry.SweepId == sweep && entry.Trial >= offset && entry.Trial < end), cancellation), total, offset);
            },
            cancellation);
    }

    /// <summary>A trial with why it was proposed and what was decided about it; null when there is none.</summary>
    public Task<SearchTrial?> TrialAsync(long sweep, int trial, CancellationToken cancellation) => _database.ReadAsync(
        async context => (await TrialsAsync(context.SearchEntries.Where(entry => entry.SweepId == sweep && entry.Trial == trial), cancellation)).FirstOrDefault(), cancellation);

    /// <summary>Lines of the ledger as they are stored, from a number on; null when there is no such search.</summary>
    public Task<IReadOnlyList<string>?> LedgerAsync(long sweep, long from, int limit, CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<string>?>(
        async context => await context.Sweeps.AnyAsync(candidate => candidate.Id == sweep && candidate.Search != null, cancellation)
            ? await context.SearchEntries.Where(entry => entry.SweepId == sweep && entry.Number >= from).OrderBy(entry => entry.Number).Take(limit).Select(entry => entry.Line).ToListAsync(cancellation)
            : null,
        cancellation);

    /// <summary>Concludes everything in the stored ledger again; null when there is no such search.</summary>
    public async Task<SearchVerification?> VerifyAsync(long sweep, CancellationToken cancellation)
    {
        var search = await _database.ReadAsync(context => context.Sweeps.Where(candidate => candidate.Id == sweep).Select(candidate => candidate.Search).FirstOrDefaultAsync(cancellation), cancellation);
        if (search is null)
        {
            return null;
        }

        // Thousands of suggestions take their time: one verification after the other, and none for who does not wait for it.
        var specification = SearchSpecification.FromJson(search);
        await _verifying.WaitAsync(cancellation);
        try
        {
            var (looked, mismatch, message) = await Task.Run(() => SearchLedger.VerifyAsync(specification.ReadSpace(), specification.Rules, PiecesAsync(sweep, cancellation), cancellation), cancellation);
            return new SearchVerification(looked, mismatch, message);
        }
        finally
        {
            _verifying.Release();
        }
    }

    /// <summary>More trials than before.</summary>
    public Task<CommandOutcome> ExtendAsync(long sweep, int trials, CancellationToken cancellation) => _coordinator.CommandAsync(
        sweep,
        (ledger, entity) =>
        {
            if (ledger.Rules.Method == SearchMethod.Grid)
            {
                throw new LedgerException("A grid makes every configuration of its space already. Launch another sweep for other values.");
            }

            if (trials < 1 || (ledger.Trials + (long)trials) * entity.Replicates > SweepFileSchema.MostRuns)
            {
                throw new LedgerException(string.Create(CultureInfo.InvariantCulture, $"A sweep is extended by 1 trial at least, and has at most {SweepFileSchema.MostRuns:N0} runs."));
            }

            ledger.Extend(trials);
            entity.SearchEnded = false;
            return string.Create(CultureInfo.InvariantCulture, $"The sweep has {ledger.Trials:N0} trials now, {trials:N0} more than before.{(ledger.IsPaused ? " It is paused: resume it to have them tried." : "")}");
        },
        cancellation);

    /// <summary>A smaller space from here on.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="document">YAML or JSON with <c>space</c> and, when there are any, all <c>constraints</c>, as in a sweep file.</param>
    /// <param name="cancellation">The caller's.</param>
    public async Task<(CommandOutcome Outcome, IReadOnlyList<SweepProblem> Problems)> NarrowAsync(long sweep, string document, CancellationToken cancellation)
    {
        var problems = new List<SweepProblem>();
        if (ReadSpace(document, problems) is not var (space, constraints))
        {
            return (new(CommandResult.Refused, problems[0].Message), problems);
        }

        var outcome = await _coordinator.CommandAsync(
            sweep,
            (ledger, _) =>
            {
                ledger.Narrow(space, constraints);
                return "The space is narrower from the next trial on. What is known of trials within it still counts; those that run go on.";
            },
            cancellation);
        return (outcome, []);
    }

    /// <summary>Trials made of all of their entries, by their numbers.</summary>
    private static async Task<List<SearchTrial>> TrialsAsync(IQueryable<SearchEntryEntity> entries, CancellationToken cancellation) =>
        [.. (await entries.OrderBy(entry => entry.Trial).ThenBy(entry => entry.Number).Select(entry => new { entry.Trial, entry.Line }).ToListAsync(cancellation))
            .GroupBy(entry => entry.Trial, entry => LedgerEntry.FromLine(entry.Line)).Select(group => SearchTrial.From([.. group])).OfType<SearchTrial>()];

    private async IAsyncEnumerable<IReadOnlyList<LedgerEntry>> PiecesAsync(long sweep, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var after = 0L;
        while (await _database.ReadAsync(context => SearchCoordinator.PieceAsync(context, sweep, after, cancellation), cancellation) is { Count: > 0 } piece)
        {
            after = piece[^1].Number;
            yield return piece;
        }
    }

    private static (JsonObject Space, IReadOnlyList<string> Constraints)? ReadSpace(string text, List<SweepProblem> problems)
    {
        var document = SweepDocument.Parse(text);
        if (document.Problem is { } unreadable)
        {
            problems.Add(unreadable);
            return null;
        }

        if (document.Root is not JsonObject file || file["space"] is not JsonObject given)
        {
            problems.Add(new("space", "Write the whole space below space:, as in the sweep file, each key within what it was.", 1, 1));
            return null;
        }

        problems.AddRange(file.Where(member => member.Key is not ("space" or "constraints")).Select(member => document.At(member.Key, $"A search is narrowed by space and constraints; '{member.Key}' stays what it was.", atKey: true)));
        var found = new List<SpecificationProblem>();
        var constraints = file.TryGetPropertyValue("constraints", out var list) && SpecificationValidator.Normalise(SweepFileSchema.Constraints, list, "constraints", found) is JsonArray texts ? texts.Select(item => item!.GetValue<string>()).ToList() : [];

        // What is wrong with constraints on keys of the base is the ledger's to say: it knows the base.
        var reading = SpaceReader.Read(given.DeepClone().AsObject(), null, SpecificationSchema.Find);
        problems.AddRange(found.Concat(reading.Problems).Select(problem => document.At(problem.Path, problem.Message, problem.Suggestion, problem.AtKey)));
        return problems.Count > 0 ? null : (new JsonObject(reading.Space!.Parameters.Select(parameter => KeyValuePair.Create(parameter.Path, (JsonNode?)parameter.ToJson()))), constraints);
    }
}
