using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Samples;

namespace CatchUp.Tracking.Reports;

/// <summary>All that a block shows, read from the database at one moment. Frozen blocks keep it as JSON.</summary>
public sealed record ReportData
{
    /// <summary>What was asked for: <see cref="ReportBlock.Definition"/>.</summary>
    public required ReportBlock Block { get; init; }

    public IReadOnlyList<ReportRun> Runs { get; init; } = [];

    /// <summary>Ids that the block names and no run has.</summary>
    public IReadOnlyList<long> Missing { get; init; } = [];

    /// <summary>Runs that the filter finds, those beyond the block's limit with them.</summary>
    public int Total { get; init; }

    /// <summary>Of a chart over steps, a curve a run at most.</summary>
    public IReadOnlyList<MetricSeries> Curves { get; init; } = [];

    /// <summary>Of a chart over NFE: of each run, solver, head and protocol those of the last evaluated step.</summary>
    public IReadOnlyList<Evaluation> Evaluations { get; init; } = [];

    /// <summary>Of a matrix: of each run and NFE one grid at most, all of one noise bank.</summary>
    public IReadOnlyList<SampleGrid> Grids { get; init; } = [];

    /// <summary>Runs of a matrix that have samples of other noise banks only.</summary>
    public IReadOnlyList<long> OtherNoise { get; init; } = [];

    /// <summary>Of a table: its columns, as terms.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Of a table.</summary>
    public IReadOnlyList<ReportRow> Rows { get; init; } = [];

    /// <summary>What names a run apart from the block's others: without its sweep's name where that is the same for all.</summary>
    public string LabelOf(long run)
    {
        var (name, sweep) = (NameOf(run), Runs.Select(candidate => candidate.Sweep).Distinct().Count() == 1 ? Runs[0].Sweep + "/" : null);
        if (sweep is not null && Runs.All(candidate => candidate.Name.Length > sweep.Length && candidate.Name.StartsWith(sweep, StringComparison.Ordinal)))
        {
            name = name.StartsWith(sweep, StringComparison.Ordinal) ? name[sweep.Length..] : name;
        }

        return Runs.Count(candidate => candidate.Name == NameOf(run)) > 1 ? $"{name} (run {run})" : name;
    }

    private string NameOf(long run) => Runs.FirstOrDefault(candidate => candidate.Id == run)?.Name ?? $"run {run}";
}
