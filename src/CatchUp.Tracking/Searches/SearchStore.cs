using System.Globalization;
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
    public Task<SearchReport?> FindAsync(long sweep, CancellationToken cancellation) => _coordinator.ReadAsync(sweep, SearchReport.From, cancellation);

    /// <summary>The trials of a search by their numbers; null when there is no such search.</summary>
    public Task<Page<SearchTrial>?> TrialsAsync(long sweep, int offset, int limit, CancellationToken cancellation)
    {
        (offset, limit) = Paging.Clamp(offset, limit);
        return _coordinator.ReadAsync(sweep, (_, _, ledger) => Paging.Page(ledger.History.Trials.Skip(offset).Take(limit).Select(SearchTrial.From).ToList(), ledger.History.Trials.Count, offset), cancellation);
    }

    /// <summary>A trial with why it was proposed and what was decided about it; null when there is none.</summary>
    public async Task<SearchTrial?> TrialAsync(long sweep, int trial, CancellationToken cancellation) => SearchTrial.From(await _database.ReadAsync(
        async context => (await context.SearchEntries.Where(entry => entry.SweepId == sweep && entry.Trial == trial).OrderBy(entry => entry.Number).Select(entry => entry.Line).ToListAsync(cancellation)).ConvertAll(LedgerEntry.FromLine),
        cancellation));

    /// <summary>Lines of the ledger as they are stored, from a number on; null when there is no such search.</summary>
    public Task<IReadOnlyList<string>?> LedgerAsync(long sweep, long from, int limit, CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<string>?>(
        async context => await context.Sweeps.AnyAsync(candidate => candidate.Id == sweep && candidate.Search != null, cancellation)
            ? await context.SearchEntries.Where(entry => entry.SweepId == sweep && entry.Number >= from).OrderBy(entry => entry.Number).Take(limit).Select(entry => entry.Line).ToListAsync(cancellation)
            : null,
        cancellation);

    /// <summary>Concludes everything in the stored ledger again; null when there is no such search.</summary>
    public async Task<SearchVerification?> VerifyAsync(long sweep, CancellationToken cancellation)
    {
        var (search, entries) = await _database.ReadAsync(
            async context => (await context.Sweeps.Where(candidate => candidate.Id == sweep).Select(candidate => candidate.Search).FirstOrDefaultAsync(cancellation), await SearchCoordinator.EntriesAsync(context, sweep, cancellation)), cancellation);
        if (search is null)
        {
            return null;
        }

        // Thousands of suggestions take their time: one verification after the other, and none for who does not wait for it.
        var specification = SearchSpecification.FromJson(search);
        await _verifying.WaitAsync(cancellation);
        try
        {
            var (looked, mismatch, message) = await Task.Run(() => SearchLedger.Verify(specification.ReadSpace(), specification.Rules, entries.TakeWhile(_ => Goes(cancellation))), cancellation);
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

    private static bool Goes(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return true;
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
