namespace CatchUp.Tracking.Reports;

/// <summary>A key of blocks.</summary>
/// <param name="Kinds">The blocks that have it.</param>
public sealed record ReportBlockKey(string Name, IReadOnlyList<ReportBlockKind> Kinds, string Description)
{
    private static readonly ReportBlockKind[] Any = [ReportBlockKind.Chart, ReportBlockKind.Matrix, ReportBlockKind.Table];
    private static readonly ReportBlockKind[] Chart = [ReportBlockKind.Chart];
    private static readonly ReportBlockKind[] Matrix = [ReportBlockKind.Matrix];
    private static readonly ReportBlockKind[] Pictures = [ReportBlockKind.Chart, ReportBlockKind.Matrix];
    private static readonly ReportBlockKind[] Table = [ReportBlockKind.Table];

    public static IReadOnlyList<ReportBlockKey> All { get; } =
    [
        new("title", Any, "What stands over the block."),
        new("runs", Any, "The runs by their ids, as in [12, 13]. Either this or filter."),
        new("filter", Any, "The runs that a filter finds, as in sweep:12 and fid[nfe=4] < 20."),
        new("limit", Any, "Runs that the filter gives, at most."),
        new("metric", Chart, "A metric that runs logged, as in loss; over NFE, a number about images, as in fid."),
        new("over", Chart, "step, or nfe for a number about images over the network evaluations."),
        new("log", Chart, "true draws values on a logarithmic axis."),
        new("smoothing", Chart, "Window of a moving average in points."),
        new("from", Chart, "First step that is drawn."),
        new("to", Chart, "Last step that is drawn."),
        new("solver", Pictures, "The solver, as in euler."),
        new("head", Pictures, "The output head, from 1."),
        new("nfe", Matrix, "The columns, as in [1, 2, 4]; without, all there are."),
        new("step", Matrix, "The last samples at or before this step; without, the last."),
        new("zoom", Matrix, "Screen pixels per image pixel, 1 to 8."),
        new("columns", Table, "Terms with commas between, as in name, objective.order, fid[euler, nfe=4]."),
        new("sort", Table, "A term; with - before it from the largest down."),
        new("frozen", Any, "Hash of the data that the block shows for good; Freeze writes it and Thaw removes it."),
    ];

    public static IReadOnlyList<string> Of(ReportBlockKind kind) => [.. All.Where(key => key.Kinds.Contains(kind)).Select(key => key.Name)];
}
