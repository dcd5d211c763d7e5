using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Samples;

namespace CatchUp.Tracking.Reports;

/// <summary>Reads what a block asks for.</summary>
public sealed class ReportDataReader(RunStore runs, MetricStore metrics, EvaluationStore evaluations, SampleStore samples)
{
    /// <summary>Always the same, however many runs there are: the hash of a curve must not hang on its neighbours.</summary>
    public const int Buckets = 500;

    /// <summary>What tables show unless told otherwise.</summary>
    public static IReadOnlyList<string> UsualColumns { get; } = ["name", "state", "step", "loss", "best"];

    /// <param name="block">What is asked for.</param>
    /// <param name="curves">Whether a chart's curves are read too; who draws them live reads them otherwise.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="Database.QuestionTooLongException">The filter asks for more than the database can tell in a few seconds.</exception>
    public async Task<ReportData> ReadAsync(ReportBlock block, bool curves, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(block);
        var terms = Terms(block);
        var (found, total) = await FindAsync(block, terms, cancellation);
        var ids = found.Select(run => run.Id).ToList();
        var data = new ReportData
        {
            Block = block.Definition,
            Runs = [.. found.Select(run => new ReportRun(run.Id, run.Name, run.SweepName, run.State))],
            Missing = [.. block.Runs.Except(ids)],
            Total = total,
        };
        return block.Kind switch
        {
            ReportBlockKind.Table => data with { Columns = [.. terms.Select(term => term.Text)], Rows = [.. found.Select(run => new ReportRow(run.Id, [.. terms.Select(term => ReportCell.From(run.ValueOf(term)))]))] },
            ReportBlockKind.Matrix => await WithGridsAsync(data, block, ids, cancellation),
            _ when block.Over == ReportAxis.Nfe => data with { Evaluations = await EvaluationsAsync(block, ids, cancellation) },
            _ => curves ? data with { Curves = await CurvesAsync(block, ids, cancellation) } : data,
        };
    }

    private static IReadOnlyList<RunTerm> Terms(ReportBlock block) => block.Kind == ReportBlockKind.Table
        ? [.. (block.Columns.Count > 0 ? block.Columns : UsualColumns).Select(column => RunFilter.ReadTerm(column).Term).OfType<RunTerm>()]
        : [];

    private async Task<(IReadOnlyList<RunSummary> Runs, int Total)> FindAsync(ReportBlock block, IReadOnlyList<RunTerm> terms, CancellationToken cancellation)
    {
        var query = new RunQuery { Columns = terms, Limit = block.Most, Sort = RunTerm.Named("id"), Descending = false };
        var sort = block.Sort is { } text ? RunFilter.ReadTerm(text.TrimStart('-', ' ')).Term : null;
        if (sort is not null)
        {
            query = query with { Sort = sort, Descending = block.Sort!.StartsWith('-') };
        }

        query = block.Filter is { } filter ? query with { Filter = RunFilter.Read(filter).Filter ?? RunFilter.None } : query with { Ids = block.Runs };
        var page = await runs.ListAsync(query, cancellation);
        IReadOnlyList<RunSummary> found = block.Filter is null && sort is null
            ? [.. block.Runs.Select(id => page.Items.FirstOrDefault(run => run.Id == id)).OfType<RunSummary>()]
            : page.Items;
        return (found, page.Total);
    }

    private async Task<IReadOnlyList<MetricSeries>> CurvesAsync(ReportBlock block, List<long> ids, CancellationToken cancellation)
    {
        var curves = new List<MetricSeries>();
        foreach (var id in ids)
        {
            curves.AddRange(await metrics.SeriesAsync(id, [block.Metric ?? ""], block.From, block.To, Buckets, cancellation));
        }

        return curves;
    }

    private async Task<IReadOnlyList<Evaluation>> EvaluationsAsync(ReportBlock block, List<long> ids, CancellationToken cancellation)
    {
        var all = await evaluations.ListAsync(ids, cancellation);
        return
        [
            .. all
                .Where(e => e.Gate == 0 && string.Equals(e.Metric, block.Metric, StringComparison.OrdinalIgnoreCase) && (block.Solver is null || e.Solver == block.Solver) && (block.Head is null || e.Head == block.Head))
                .GroupBy(e => (e.RunId, e.Fingerprint, e.Solver, e.Head))
                .SelectMany(group => group.Where(e => e.Step == group.Max(other => other.Step)))
                .OrderBy(e => ids.IndexOf(e.RunId)).ThenBy(e => e.Fingerprint, StringComparer.Ordinal).ThenBy(e => e.Solver, StringComparer.Ordinal).ThenBy(e => e.Head).ThenBy(e => e.Nfe).ThenBy(e => e.Id),
        ];
    }

    private async Task<ReportData> WithGridsAsync(ReportData data, ReportBlock block, List<long> ids, CancellationToken cancellation)
    {
        var all = new List<SampleGrid>();
        foreach (var id in ids)
        {
            all.AddRange(await samples.ListAsync(id, cancellation));
        }

        var solver = block.Solver ?? all.Select(grid => grid.Solver).Order(StringComparer.Ordinal).FirstOrDefault();
        all.RemoveAll(grid => grid.Solver != solver || grid.Step > (block.Step ?? int.MaxValue));
        var head = block.Head ?? all.Select(grid => grid.Head).DefaultIfEmpty(1).Min();
        all.RemoveAll(grid => grid.Head != head);

        // Cells correspond only where they began with the same noise: the bank that most of the runs have.
        var bank = all.GroupBy(grid => grid.NoiseBank).OrderByDescending(group => group.Select(grid => grid.RunId).Distinct().Count()).ThenBy(group => group.Key).FirstOrDefault()?.Key;
        var same = all.FindAll(grid => grid.NoiseBank == bank);
        var nfes = block.Nfe.Count > 0 ? block.Nfe : [.. same.Select(grid => grid.Nfe).Distinct().Order().Take(ReportBlock.MostNfes)];
        return data with
        {
            Grids = [.. ids.SelectMany(id => nfes.Select(nfe => same.Where(grid => grid.RunId == id && grid.Nfe == nfe).MaxBy(grid => grid.Step))).OfType<SampleGrid>()],
            OtherNoise = [.. ids.Where(id => all.Exists(grid => grid.RunId == id) && !same.Exists(grid => grid.RunId == id))],
        };
    }
}
