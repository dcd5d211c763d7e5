using CatchUp.Contracts.Runs;
using CatchUp.Dashboard.Runs;
using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Reports;

namespace CatchUp.Dashboard.Reports;

/// <summary>A table block as its heads and cells, for pages and files alike.</summary>
internal sealed class ReportTableView
{
    private ReportTableView(IReadOnlyList<RunColumn> columns, IReadOnlyList<(long Run, IReadOnlyList<ReportTableCell> Cells)> rows, IReadOnlyList<string> protocols)
        => (Columns, Rows, Protocols) = (columns, rows, protocols);

    public IReadOnlyList<RunColumn> Columns { get; }

    public IReadOnlyList<(long Run, IReadOnlyList<ReportTableCell> Cells)> Rows { get; }

    /// <summary>How the columns of numbers about images were measured, a line each.</summary>
    public IReadOnlyList<string> Protocols { get; }

    public static ReportTableView Of(ReportData data)
    {
        var columns = data.Columns.SelectMany(id => RunColumn.Parse([id], "Best")).ToList();
        var rows = data.Rows.Select(row => (row.Run, Cells: new ReportTableCell[columns.Count])).ToList();
        var protocols = new List<string>();
        for (var column = 0; column < columns.Count; column++)
        {
            var term = columns[column].Term!;
            var values = data.Rows.Select(row => column < row.Cells.Count ? row.Cells[column].ToValue() : TermValue.None).ToList();
            var usual = values.Where(value => value.Evaluation is not null).GroupBy(value => value.Evaluation!.Fingerprint).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).FirstOrDefault();
            var best = usual is { } alike && alike.Count() > 1 && term is RunTerm.Evaluation evaluation ? Best(alike, evaluation.LargerIsBetter) : null;
            if (usual is not null)
            {
                protocols.Add($"{columns[column].Title}: {usual.First().Evaluation!.Protocol}");
            }

            for (var row = 0; row < rows.Count; row++)
            {
                var value = values[row];
                var unlike = value.Evaluation is { } measured && measured.Fingerprint != usual!.Key;
                rows[row].Cells[column] = new(
                    TextOf(term, value), value.Evaluation is { } of ? $"{TermWords.Exact(value)} · step {Figures.Count(of.Step)} · {of.Protocol}" : TermWords.Exact(value),
                    columns[column].IsNumber, !unlike && best is not null && value.Number == best, unlike);
            }
        }

        return new(columns, [.. rows.Select(row => (row.Run, (IReadOnlyList<ReportTableCell>)row.Cells))], protocols);
    }

    private static double? Best(IEnumerable<TermValue> values, bool larger)
    {
        var finite = values.Select(value => value.Number).Where(number => number is { } one && double.IsFinite(one)).ToList();
        return finite.Count == 0 ? null : larger ? finite.Max() : finite.Min();
    }

    private static string TextOf(RunTerm term, TermValue value) =>
        term is RunTerm.Field { Of.Name: "state" } && value.Value is string state && Enum.TryParse<RunState>(state, ignoreCase: true, out var known) ? RunStateLook.Word(known) : TermWords.Short(term, value);
}
