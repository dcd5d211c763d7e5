using CatchUp.Tracking.Reports;

namespace CatchUp.Dashboard.Reports;

/// <summary>Reads what blocks show: live ones from the database as it is now, frozen ones as they were.</summary>
internal sealed class ReportContents(ReportStore store, ReportDataReader reader, TimeProvider time)
{
    public const string OtherWords = "Its keys say something else than when it was frozen, and what was frozen is shown. Thaw it to read it anew.";

    /// <param name="report">The report; 0 when it is not stored yet.</param>
    /// <param name="part">A block without problems.</param>
    /// <param name="fresh">Data that was frozen and is not stored yet.</param>
    /// <param name="curves">Whether the curves of a live chart are read too.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ReportBlockContent> ReadAsync(long report, ReportPart.Block part, IReadOnlyDictionary<string, FrozenData> fresh, bool curves, CancellationToken cancellation)
    {
        var block = part.Reading.Block!;
        if (block.Frozen is not { } sha256)
        {
            var live = await reader.ReadAsync(block, curves, cancellation);
            var made = curves ? FrozenData.Of(live, time.GetUtcNow(), ServerVersion.Text) : null;
            return new(part, live, made?.Json, made?.Sha256, made?.FrozenAt, made?.Server, []);
        }

        var frozen = fresh.GetValueOrDefault(sha256) ?? (report == 0 ? null : await store.FrozenAsync(report, sha256, cancellation));
        if (frozen?.Data is not { } data || frozen.Sha256 != sha256)
        {
            return new(part, null, null, sha256, null, null, []);
        }

        var changes = ReportChanges.Between(data, await reader.ReadAsync(data.Block, curves: true, cancellation));
        var alike = FrozenData.HashOf(new ReportData { Block = block.Definition }) == FrozenData.HashOf(new ReportData { Block = data.Block });
        return new(part, data, frozen.Json, sha256, frozen.FrozenAt, frozen.Server, alike ? changes : [OtherWords, .. changes]);
    }

    /// <summary>A block's data as it is now, to be kept.</summary>
    /// <returns>The data; or why it cannot be kept.</returns>
    public async Task<(FrozenData? Frozen, string? Problem)> FreezeAsync(ReportBlock block, CancellationToken cancellation)
    {
        var data = await reader.ReadAsync(block, curves: true, cancellation);
        var curveless = block is { Kind: ReportBlockKind.Chart, Over: ReportAxis.Step } && data.Curves.Count == 0;
        if ((ReportWords.Empty(data) ?? (curveless ? $"None of these runs has points of {block.Metric}." : null)) is { } empty)
        {
            return (null, $"{empty} There is nothing to freeze.");
        }

        var frozen = FrozenData.Of(data, time.GetUtcNow(), ServerVersion.Text);
        return frozen.Json.Length > FrozenData.MostBytes
            ? (null, $"The block's data has {Shell.Figures.Bytes(frozen.Json.Length)}, and a frozen block {Shell.Figures.Bytes(FrozenData.MostBytes)} at most. Let it show fewer runs.")
            : (frozen, null);
    }
}
