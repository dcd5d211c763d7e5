using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Annotations;

/// <summary>What people say about runs: tags, notes, and lists arranged and named.</summary>
public sealed class AnnotationStore
{
    public const int LongestTag = 40, MostTags = 20, LongestNote = 10_000, LongestViewName = 80, LongestAddress = 4000, MostViews = 500;

    private readonly TrackingDatabase _database;
    private readonly TrackingNews _news;
    private readonly TimeProvider _time;

    internal AnnotationStore(TrackingDatabase database, TrackingNews news, TimeProvider time)
    {
        _database = database;
        _news = news;
        _time = time;
    }

    /// <summary>Gives runs a tag.</summary>
    /// <returns>The outcome, and the runs that did not have it, for taking it back.</returns>
    public async Task<(CommandOutcome Outcome, IReadOnlyList<long> Changed)> TagAsync(IReadOnlyList<long> runs, string tag, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var word = (tag ?? "").Trim();
        if (word.Length is 0 or > LongestTag || word.Any(letter => char.IsControl(letter) || letter is '"' or '\''))
        {
            return (new(CommandResult.Refused, $"A tag has 1 to {LongestTag} characters, no quotes and no control characters."), []);
        }

        var (changed, full) = await _database.WriteAsync(
            async context =>
            {
                var (changed, full) = (new List<long>(), 0);
                foreach (var chunk in runs.Distinct().Chunk(500))
                {
                    var there = await context.Runs.Where(run => chunk.Contains(run.Id)).Select(run => run.Id).ToListAsync(cancellation);
                    var has = (await context.RunTags.Where(row => chunk.Contains(row.RunId)).ToListAsync(cancellation)).ToLookup(row => row.RunId, row => row.Tag);
                    full += there.Count(run => !has[run].Contains(word) && has[run].Count() >= MostTags);
                    var without = there.Where(run => !has[run].Contains(word) && has[run].Count() < MostTags).ToList();
                    context.RunTags.AddRange(without.Select(run => new RunTagEntity { RunId = run, Tag = word }));
                    changed.AddRange(without);
                }

                return (changed, full);
            },
            cancellation);
        await TellAsync(changed);
        return full > 0
            ? (new(CommandResult.Refused, $"{full:N0} of the runs {(full == 1 ? "has" : "have")} {MostTags} tags already, which is the most; {changed.Count:N0} tagged."), changed)
            : (new(CommandResult.Accepted, $"Tagged {changed.Count:N0} run{(changed.Count == 1 ? "" : "s")} {word}."), changed);
    }

    /// <summary>Takes a tag from runs.</summary>
    /// <returns>The runs that had it.</returns>
    public async Task<IReadOnlyList<long>> UntagAsync(IReadOnlyList<long> runs, string tag, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var changed = await _database.WriteAsync(
            async context =>
            {
                var changed = new List<long>();
                foreach (var chunk in runs.Distinct().Chunk(500))
                {
                    var rows = await context.RunTags.AsTracking().Where(row => chunk.Contains(row.RunId) && row.Tag == tag).ToListAsync(cancellation);
                    context.RunTags.RemoveRange(rows);
                    changed.AddRange(rows.Select(row => row.RunId));
                }

                return changed;
            },
            cancellation);
        await TellAsync(changed);
        return changed;
    }

    /// <summary>Notes something about a run; nothing takes the note away.</summary>
    /// <returns>The outcome, and the note before.</returns>
    public async Task<(CommandOutcome Outcome, string? Before)> NoteAsync(long run, string? note, CancellationToken cancellation)
    {
        var text = string.IsNullOrWhiteSpace(note) ? null : note.Trim();
        if (text?.Length > LongestNote)
        {
            return (new(CommandResult.Refused, $"A note has at most {LongestNote:N0} characters, and this has {text.Length:N0}."), null);
        }

        var (found, before) = await _database.WriteAsync(
            async context =>
            {
                if (await _database.LockRunAsync(context, run, cancellation) is not { } entity)
                {
                    return (false, null);
                }

                var before = entity.Note;
                entity.Note = text;
                return (true, before);
            },
            cancellation);
        await TellAsync(found ? [run] : []);
        return (found ? new(CommandResult.Accepted, text is null ? "Note removed." : "Noted.") : new(CommandResult.NotFound, $"There is no run {run}."), before);
    }

    /// <summary>What the runs have, for choosing columns and writing filters.</summary>
    public Task<KnownTerms> TermsAsync(CancellationToken cancellation) => _database.ReadAsync(
        async context =>
        {
            var metrics = await context.Metrics.Select(metric => metric.Name).Order().Take(2000).ToListAsync(cancellation);
            var evaluations = await context.Evaluations.Where(e => e.Gate == 0).Select(e => new { e.Metric, e.Solver, e.Nfe, e.Head }).Distinct()
                .OrderBy(e => e.Metric).ThenBy(e => e.Solver).ThenBy(e => e.Head).ThenBy(e => e.Nfe).Take(500).ToListAsync(cancellation);
            var tags = await context.RunTags.Select(tag => tag.Tag).Distinct().Order().Take(500).ToListAsync(cancellation);
            return new KnownTerms(
                [.. metrics.OrderBy(name => name.StartsWith("system/", StringComparison.Ordinal)).ThenBy(name => name, StringComparer.Ordinal)],
                [.. evaluations.OrderBy(e => e.Metric != "fid").ThenBy(e => e.Metric, StringComparer.Ordinal).ThenBy(e => e.Solver, StringComparer.Ordinal).ThenBy(e => e.Head).ThenBy(e => e.Nfe).Select(e => new RunTerm.Evaluation(e.Metric, e.Solver, e.Nfe, e.Head, EvaluationPart.Last))],
                [.. tags.Order(StringComparer.Ordinal)]);
        },
        cancellation);

    /// <summary>The views by name.</summary>
    public Task<IReadOnlyList<SavedView>> ViewsAsync(CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<SavedView>>(
        async context => (await context.SavedViews.OrderBy(view => view.Name).ToListAsync(cancellation)).ConvertAll(view => new SavedView(view.Id, view.Name, view.Address, view.Owner, RunSummaries.Time(view.UpdatedAt))),
        cancellation);

    /// <summary>Keeps a list under a name; what had the name before is replaced.</summary>
    public async Task<CommandOutcome> SaveViewAsync(string name, string address, string? owner, CancellationToken cancellation)
    {
        var wanted = (name ?? "").Trim();
        if (wanted.Length is 0 or > LongestViewName || wanted.Any(char.IsControl))
        {
            return new(CommandResult.Refused, $"A view's name has 1 to {LongestViewName} characters and no control characters.");
        }

        if (address is null || address.Length > LongestAddress || (address.Length > 0 && !address.StartsWith('?')))
        {
            return new(CommandResult.Refused, $"This list's address is too long to be kept: it has more than {LongestAddress:N0} characters. Select fewer runs.");
        }

        return await _database.WriteAsync(
            async context =>
            {
                var now = _time.GetUtcNow().UtcTicks;
                var view = await context.SavedViews.AsTracking().FirstOrDefaultAsync(candidate => candidate.Name == wanted, cancellation);
                if (view is null)
                {
                    if (await context.SavedViews.CountAsync(cancellation) >= MostViews)
                    {
                        return new CommandOutcome(CommandResult.Refused, $"There are {MostViews} views, which is the most. Delete one first.");
                    }

                    view = new SavedViewEntity { Name = wanted, Address = address, CreatedAt = now };
                    context.SavedViews.Add(view);
                }

                (view.Address, view.Owner, view.UpdatedAt) = (address, owner, now);
                return new CommandOutcome(CommandResult.Accepted, $"Kept as {wanted}.");
            },
            cancellation);
    }

    /// <returns>The view that is gone, for bringing it back; null when there was none.</returns>
    public Task<SavedView?> DeleteViewAsync(long id, CancellationToken cancellation) => _database.WriteAsync(
        async context =>
        {
            if (await context.SavedViews.AsTracking().FirstOrDefaultAsync(candidate => candidate.Id == id, cancellation) is not { } view)
            {
                return null;
            }

            context.SavedViews.Remove(view);
            return new SavedView(view.Id, view.Name, view.Address, view.Owner, RunSummaries.Time(view.UpdatedAt));
        },
        cancellation);

    private Task TellAsync(IReadOnlyList<long> runs) => _news.PublishAsync([.. runs.Take(100).Select(run => new RunChanged { RunId = run, StateChanged = false })]);
}
