using CatchUp.Tracking.Database;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Sources;

/// <summary>Reads the patches that trainers were built with.</summary>
public sealed class SourcePatchStore
{
    internal const int MaximumLength = 70_000;

    private readonly TrackingDatabase _database;

    internal SourcePatchStore(TrackingDatabase database) => _database = database;

    /// <summary>The patch, or its beginning; null when it is not stored.</summary>
    public Task<string?> FindAsync(string sha256, CancellationToken cancellation) =>
        _database.ReadAsync(context => context.SourcePatches.Where(patch => patch.Sha256 == sha256).Select(patch => (string?)patch.Text).FirstOrDefaultAsync(cancellation), cancellation);

    /// <summary>Keeps it, in the caller's transaction. The hash is the trainer's word: of a long patch only the beginning comes.</summary>
    internal static Task KeepAsync(CatchUpContext context, string sha256, string text, long now, CancellationToken cancellation) => Sql.ExecuteAsync(
        context, "INSERT INTO source_patches (sha256, text, at) VALUES (@sha256, @text, @at) ON CONFLICT DO NOTHING", cancellation,
        ("@sha256", sha256), ("@text", CleanText.Block(text, MaximumLength)), ("@at", now));
}
