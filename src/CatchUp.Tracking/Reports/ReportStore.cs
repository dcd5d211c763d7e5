using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using CatchUp.Contracts.Artifacts;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Reports;

/// <summary>Reports and the data of their frozen blocks. Every method is one complete operation.</summary>
public sealed partial class ReportStore
{
    public const int LongestTitle = 200, MostCharacters = 200_000, MostReports = 10_000, MostFrozen = 50;

    public const long MostFrozenBytes = 32L * 1024 * 1024;

    /// <summary>How long a search through all texts may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TrackingDatabase _database;
    private readonly ArtifactDirectory _artifacts;
    private readonly TimeProvider _time;

    internal ReportStore(TrackingDatabase database, ArtifactDirectory artifacts, TimeProvider time)
        => (_database, _artifacts, _time) = (database, artifacts, time);

    /// <summary>Reports, those saved last first.</summary>
    /// <param name="text">Part of the title, the text or the owner; case does not matter.</param>
    /// <exception cref="QuestionTooLongException">All texts together are too long to be searched in a few seconds.</exception>
    public Task<Page<ReportSummary>> ListAsync(string? text, int offset, int limit, CancellationToken cancellation)
    {
        (offset, limit) = Paging.Clamp(offset, limit);
        return _database.ReadAsync(
            async (context, patience) =>
            {
                IQueryable<ReportEntity> reports = context.Reports;
                if (!string.IsNullOrWhiteSpace(text))
                {
                    var pattern = SearchText.Pattern(text.Trim());
#pragma warning disable CA1304, CA1311, CA1862 // Translated to SQL's lower().
                    reports = reports.Where(report => EF.Functions.Like(report.Title.ToLower(), pattern, SearchText.Escape)
                        || EF.Functions.Like(report.Text.ToLower(), pattern, SearchText.Escape)
                        || EF.Functions.Like(report.Owner!.ToLower(), pattern, SearchText.Escape));
#pragma warning restore CA1304, CA1311, CA1862
                }

                var total = await reports.CountAsync(patience);

                // Without the texts, of which a page would be megabytes.
                var rows = await reports.OrderByDescending(report => report.UpdatedAt).ThenByDescending(report => report.Id).Skip(offset).Take(limit)
                    .Select(report => new { report.Id, report.Title, report.Owner, report.EditedBy, report.Version, report.CreatedAt, report.UpdatedAt, Frozen = context.ReportBlocks.Count(block => block.ReportId == report.Id) })
                    .ToListAsync(patience);
                return Paging.Page(rows.ConvertAll(row => new ReportSummary(row.Id, row.Title, row.Owner, row.EditedBy, row.Version, row.Frozen, RunSummaries.Time(row.CreatedAt), RunSummaries.Time(row.UpdatedAt))), total, offset);
            },
            Patience,
            cancellation);
    }

    public Task<Report?> FindAsync(long report, CancellationToken cancellation) => _database.ReadAsync(context => ReadAsync(context, report, cancellation), cancellation);

    /// <summary>The data of a frozen block; null when it is not stored.</summary>
    public Task<FrozenData?> FrozenAsync(long report, string sha256, CancellationToken cancellation) => _database.ReadAsync(
        async context => await context.ReportBlocks.FirstOrDefaultAsync(block => block.ReportId == report && block.Sha256 == sha256, cancellation) is { } entity ? FrozenData.From(entity) : null,
        cancellation);

    /// <summary>A picture of a frozen block, or of a run that the database still has; null when there is none. The caller disposes it.</summary>
    public async Task<Stream?> OpenImageAsync(long report, string sha256, CancellationToken cancellation)
    {
        var known = ArtifactDirectory.IsName(sha256)
            && await _database.ReadAsync(context => context.ReportImages.AnyAsync(image => image.ReportId == report && image.Sha256 == sha256, cancellation), cancellation);
        return known ? _artifacts.Open(sha256) : null;
    }

    /// <param name="draft">What to store.</param>
    /// <param name="who">Whose it will be; null where nobody signs in.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ReportSaving> CreateAsync(ReportDraft draft, string? who, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (Refuse(draft) is { } problem)
        {
            return problem;
        }

        try
        {
            return await _database.WriteAsync(
                async context =>
                {
                    if (await context.Reports.CountAsync(cancellation) >= MostReports)
                    {
                        throw new RefusedException($"There are {MostReports:N0} reports, which is the most. Delete one first.");
                    }

                    var now = _time.GetUtcNow().UtcTicks;
                    var entity = new ReportEntity { Title = draft.Title.Trim(), Text = draft.Text, Owner = who, EditedBy = who, Version = 1, CreatedAt = now, UpdatedAt = now };
                    context.Reports.Add(entity);
                    await context.SaveChangesAsync(cancellation);
                    await KeepFrozenAsync(context, entity.Id, draft, cancellation);
                    await context.SaveChangesAsync(cancellation);
                    return new ReportSaving(ReportSavingResult.Saved, "Saved.", await ReadAsync(context, entity.Id, cancellation));
                },
                cancellation);
        }
        catch (RefusedException refused)
        {
            return new(ReportSavingResult.Refused, refused.Message, null);
        }
    }

    /// <summary>Stores a report over the version that its writer had read. When it has another by now, nothing is stored and the other one is answered.</summary>
    public async Task<ReportSaving> SaveAsync(long report, int version, ReportDraft draft, string? who, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (Refuse(draft) is { } problem)
        {
            return problem;
        }

        try
        {
            var (saving, released) = await _database.WriteAsync<(ReportSaving, IReadOnlyList<string>)>(
                async context =>
                {
                    var now = _time.GetUtcNow().UtcTicks;
                    var title = draft.Title.Trim();

                    // One statement asks for the version and writes, so that of two savers one finds the other's version.
                    var written = await context.Reports.Where(entity => entity.Id == report && entity.Version == version).ExecuteUpdateAsync(
                        update => update.SetProperty(e => e.Title, title).SetProperty(e => e.Text, draft.Text).SetProperty(e => e.EditedBy, who).SetProperty(e => e.Version, version + 1).SetProperty(e => e.UpdatedAt, now), cancellation);
                    if (written == 0)
                    {
                        return await ReadAsync(context, report, cancellation) is { } other
                            ? (new(ReportSavingResult.Conflict, $"{other.Summary.EditedBy ?? "Someone"} has saved version {other.Summary.Version} meanwhile, and this was written over version {version}. Nothing was stored.", other), [])
                            : (new(ReportSavingResult.NotFound, $"There is no report {report}. It may have been deleted.", null), []);
                    }

                    var gone = await KeepFrozenAsync(context, report, draft, cancellation);
                    await context.SaveChangesAsync(cancellation);
                    return (new(ReportSavingResult.Saved, "Saved.", await ReadAsync(context, report, cancellation)), gone);
                },
                cancellation);
            await ReleasedArtifacts.DeleteAsync(_database, _artifacts, released, cancellation);
            return saving;
        }
        catch (RefusedException refused)
        {
            return new(ReportSavingResult.Refused, refused.Message, null);
        }
    }

    /// <summary>Deletes a report with the data of its frozen blocks.</summary>
    public async Task<CommandOutcome> DeleteAsync(long report, CancellationToken cancellation)
    {
        var released = await _database.WriteAsync(
            async context =>
            {
                var images = await context.ReportImages.Where(image => image.ReportId == report).Select(image => image.Sha256).ToListAsync(cancellation);
                return await context.Reports.Where(entity => entity.Id == report).ExecuteDeleteAsync(cancellation) == 0 ? null : images;
            },
            cancellation);
        if (released is null)
        {
            return new(CommandResult.NotFound, $"There is no report {report}.");
        }

        await ReleasedArtifacts.DeleteAsync(_database, _artifacts, released, cancellation);
        return new(CommandResult.Accepted, "Deleted.");
    }

    private static async Task<Report?> ReadAsync(CatchUpContext context, long report, CancellationToken cancellation)
    {
        if (await context.Reports.AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == report, cancellation) is not { } entity)
        {
            return null;
        }

        var frozen = await context.ReportBlocks.CountAsync(block => block.ReportId == report, cancellation);
        return new(new(entity.Id, entity.Title, entity.Owner, entity.EditedBy, entity.Version, frozen, RunSummaries.Time(entity.CreatedAt), RunSummaries.Time(entity.UpdatedAt)), entity.Text);
    }

    private static ReportSaving? Refuse(ReportDraft draft)
    {
        var title = (draft.Title ?? "").Trim();
        var problem = title.Length is 0 or > LongestTitle || title.Any(char.IsControl) ? $"A title has 1 to {LongestTitle} characters and no control characters."
            : draft.Text is null || draft.Text.Length > MostCharacters ? $"A report has {MostCharacters:N0} characters at most, and this has {draft.Text?.Length ?? 0:N0}. Divide it."
            : draft.Text.Contains('\0', StringComparison.Ordinal) || !IsWellFormed(draft.Text) || !IsWellFormed(title) ? "The report has a NUL or half a character (an unpaired surrogate), which cannot be stored. Remove it."
            : null;
        return problem is null ? null : new(ReportSavingResult.Refused, problem, null);
    }

    private static bool IsWellFormed(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }

    /// <summary>Keeps the data that the text names, takes in what is new of it, and lets go what it no longer names.</summary>
    /// <returns>The pictures that may go.</returns>
    /// <exception cref="RefusedException">It is too much, or a picture is not there.</exception>
    private async Task<IReadOnlyList<string>> KeepFrozenAsync(CatchUpContext context, long report, ReportDraft draft, CancellationToken cancellation)
    {
        var named = FrozenLine().Matches(draft.Text).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var there = await context.ReportBlocks.AsTracking().Where(block => block.ReportId == report).ToListAsync(cancellation);
        var gone = there.FindAll(block => !named.Contains(block.Sha256));
        var hashes = gone.ConvertAll(block => block.Sha256);
        var released = await context.ReportImages.Where(image => image.ReportId == report && hashes.Contains(image.BlockSha256)).Select(image => image.Sha256).ToListAsync(cancellation);
        context.ReportBlocks.RemoveRange(gone);

        var bytes = there.Except(gone).Sum(block => (long)block.Data.Length);
        var count = there.Count - gone.Count;
        foreach (var sha256 in named.Except(there.Select(block => block.Sha256)))
        {
            // A block that was copied from another report brings its data along.
            var data = draft.Frozen.FirstOrDefault(one => one.Sha256 == sha256)
                ?? (await context.ReportBlocks.FirstOrDefaultAsync(block => block.Sha256 == sha256, cancellation) is { } elsewhere ? FrozenData.From(elsewhere) : null);
            if (data is null)
            {
                continue;
            }

            bytes += data.Json.Length;
            count++;
            if (data.Json.Length > FrozenData.MostBytes || bytes > MostFrozenBytes || count > MostFrozen)
            {
                throw new RefusedException($"A report keeps {MostFrozen} frozen blocks of {FrozenData.MostBytes >> 20} MB each at most, {MostFrozenBytes >> 20} MB in all. Thaw some, or let them show fewer runs. Nothing was stored.");
            }

            context.ReportBlocks.Add(new ReportBlockEntity { ReportId = report, Sha256 = sha256, Data = data.Json, Server = CleanText.Line(data.Server, 100), FrozenAt = data.FrozenAt.UtcTicks });
            foreach (var grid in (data.Data?.Grids ?? []).DistinctBy(grid => grid.Sha256))
            {
                if (!_artifacts.Contains(grid.Sha256))
                {
                    throw new RefusedException($"The picture of run {grid.RunId} at step {grid.Step:N0}, NFE {grid.Nfe}, is not stored any more, so the block cannot be kept. Freeze it again. Nothing was stored.");
                }

                context.ReportImages.Add(new ReportImageEntity { ReportId = report, BlockSha256 = sha256, Sha256 = grid.Sha256, Bytes = new FileInfo(_artifacts.PathOf(grid.Sha256)).Length });
            }
        }

        return released;
    }

    [GeneratedRegex("^[ \\t]*frozen[ \\t]*:[ \\t]*[\"']?([0-9a-f]{64})\\b", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex FrozenLine();

    /// <summary>Undoes the transaction.</summary>
    private sealed class RefusedException(string message) : Exception(message);
}
