using System.Data.Common;
using System.Globalization;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Filters;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Runs;

/// <summary>A stretch of a list of runs: which they are, in order, and what they have of the columns asked for.</summary>
internal sealed class RunListing
{
    private readonly IReadOnlyList<RunTerm> _columns;
    private readonly IReadOnlyDictionary<long, TermValue[]> _values;

    private RunListing(int total, List<long> ids, IReadOnlyList<RunTerm> columns, IReadOnlyDictionary<long, TermValue[]> values)
    {
        Total = total;
        Ids = ids;
        _columns = columns;
        _values = values;
    }

    public int Total { get; }

    public List<long> Ids { get; }

    public static async Task<RunListing> ReadAsync(CatchUpContext context, DatabaseDialect dialect, RunQuery query, DateTimeOffset now, int offset, int limit, CancellationToken cancellation)
    {
        var sql = new RunSql(dialect, now);
        var where = Where(sql, query);
        var order = await OrderAsync(context, sql, where, query, cancellation);

        // The ids alone: sorting whole rows carries every specification through the sorter, 20 times as slow in a long list. What a filter asks of
        // every run is asked once for the stretch and the total; without one an index counts them faster.
        var filtered = query.Filter.Root is not null;
        var (ids, total) = (new List<long>(), 0L);
        await Sql.ReadAsync(
            context,
            $"SELECT r.id{(filtered ? ", COUNT(*) OVER ()" : "")} {sql.From} WHERE {where} ORDER BY {order} LIMIT {sql.Parameter(limit)} OFFSET {sql.Parameter(offset)}",
            row =>
            {
                ids.Add(row.GetInt64(0));
                total = filtered ? row.GetInt64(1) : 0;
            },
            cancellation,
            sql.Parameters);
        if (!filtered || (ids.Count == 0 && offset > 0))
        {
            var all = new RunSql(dialect, now);
            var those = Where(all, query);
            total = await Sql.NumberAsync(context, $"SELECT COUNT(*) {all.From} WHERE {those}", cancellation, all.Parameters) ?? 0;
        }

        return new((int)total, ids, query.Columns, await ValuesAsync(context, dialect, query.Columns, ids, now, cancellation));
    }

    public IReadOnlyDictionary<string, TermValue> ValuesOf(RunSummary run) => _columns.Index().DistinctBy(pair => pair.Item.Text).ToDictionary(
        pair => pair.Item.Text,
        pair => pair.Item is RunTerm.Field { Of.Kind: TermKind.Tags }
            ? new TermValue(run.Tags.Count == 0 ? null : string.Join(", ", run.Tags))
            : _values.TryGetValue(run.Id, out var values) ? values[pair.Index] : TermValue.None);

    /// <summary>What holds for the runs that the query means.</summary>
    public static string Where(RunSql sql, RunQuery query)
    {
        var conditions = new List<string>();
        if (query.Ids is { } ids)
        {
            // Chosen one by one, so whether they are archived does not matter.
            conditions.Add(ids.Count == 0 ? "FALSE" : $"r.id IN ({string.Join(", ", ids.Distinct().Take(Paging.MaximumLimit).Select(id => sql.Parameter(id)))})");
        }
        else if (!query.Filter.ReachesArchived)
        {
            conditions.Add($"r.archived = {sql.Parameter(query.Archived)}");
        }

        if (query.SweepId is { } sweep)
        {
            conditions.Add($"r.sweep_id = {sql.Parameter(sweep)}");
        }

        if (query.Project is { } project)
        {
            conditions.Add($"r.project = {sql.Parameter(project)}");
        }

        if (query.States.Count > 0)
        {
            conditions.Add($"r.state IN ({string.Join(", ", query.States.Distinct().Select(state => sql.Parameter(state.ToString())))})");
        }

        if (!string.IsNullOrWhiteSpace(query.Text))
        {
            conditions.Add(sql.Condition(new FilterExpression.Search(query.Text.Trim())));
        }

        if (query.Filter.Root is { } root)
        {
            conditions.Add(sql.Condition(root));
        }

        return conditions.Count == 0 ? "TRUE" : string.Join(" AND ", conditions);
    }

    /// <summary>The kind of number that most of the runs have of the term; null when none has any.</summary>
    public static async Task<string?> MostAsync(CatchUpContext context, RunSql sql, string where, RunTerm.Evaluation term, CancellationToken cancellation)
    {
        var evaluation = sql.Evaluation(term);
        var kinds = await Sql.ListAsync(
            context, $"SELECT {evaluation}.fingerprint {sql.From} WHERE {where} AND {evaluation}.id IS NOT NULL GROUP BY {evaluation}.fingerprint ORDER BY COUNT(*) DESC, {evaluation}.fingerprint LIMIT 1", row => row.GetString(0), cancellation, sql.Parameters);
        return kinds.Count == 0 ? null : kinds[0];
    }

    /// <summary>What has no value comes last either way; of evaluations, after those that most have been measured like.</summary>
    private static async Task<string> OrderAsync(CatchUpContext context, RunSql sql, string where, RunQuery query, CancellationToken cancellation)
    {
        var direction = query.Descending ? " DESC" : "";
        var ranked = "";
        if (query.Sort is RunTerm.Evaluation term)
        {
            var most = await MostAsync(context, sql, where, term, cancellation);
            ranked = most is null ? "" : $"CASE WHEN {sql.Evaluation(term)}.fingerprint = {sql.Parameter(most)} THEN 0 ELSE 1 END, ";
        }

        // Said only where a value may be missing: an index knows no such order.
        var missing = query.Sort is RunTerm.Field { Of.Optional: false } ? "" : " NULLS LAST";
        return query.Sort is RunTerm.Field { Of.Kind: TermKind.Tags }
            ? $"(SELECT MIN(t.tag) FROM run_tags t WHERE t.run_id = r.id){direction} NULLS LAST, r.id{direction}"
            : $"{ranked}{sql.Value(query.Sort)}{direction}{missing}, r.id{direction}";
    }

    /// <summary>What the runs have of the columns, in the columns' order.</summary>
    public static async Task<IReadOnlyDictionary<long, TermValue[]>> ValuesAsync(CatchUpContext context, DatabaseDialect dialect, IReadOnlyList<RunTerm> columns, IReadOnlyList<long> runs, DateTimeOffset now, CancellationToken cancellation)
    {
        var values = new Dictionary<long, TermValue[]>();
        if (columns.Count == 0 || runs.Count == 0)
        {
            return values;
        }

        // Evaluations are read whole, by the number that the list's question answers with.
        var sql = new RunSql(dialect, now);
        var selected = columns.Select(column => column switch
        {
            RunTerm.Evaluation evaluation => $"{sql.Evaluation(evaluation)}.id",
            RunTerm.Field { Of.Kind: TermKind.Tags } => "NULL",
            _ => sql.Value(column),
        }).ToList();
        var list = string.Join(", ", runs.Select(run => sql.Parameter(run)));
        var wanted = new HashSet<long>();
        await Sql.ReadAsync(
            context,
            $"SELECT r.id, {string.Join(", ", selected)} {sql.From} WHERE r.id IN ({list})",
            row =>
            {
                values[row.GetInt64(0)] = [.. columns.Select((column, index) => Read(column, row, index + 1))];
                wanted.UnionWith(columns.Index().Where(pair => pair.Item is RunTerm.Evaluation && !row.IsDBNull(pair.Index + 1)).Select(pair => row.GetInt64(pair.Index + 1)));
            },
            cancellation,
            sql.Parameters);
        if (wanted.Count > 0)
        {
            var evaluations = new Dictionary<long, Evaluation>();
            foreach (var chunk in wanted.Chunk(1000))
            {
                foreach (var entity in await context.Evaluations.Where(evaluation => chunk.Contains(evaluation.Id)).ToListAsync(cancellation))
                {
                    evaluations[entity.Id] = EvaluationStore.From(entity);
                }
            }

            foreach (var row in values.Values)
            {
                foreach (var (index, column) in columns.Index())
                {
                    if (column is RunTerm.Evaluation && row[index].Value is long id)
                    {
                        row[index] = evaluations.TryGetValue(id, out var evaluation) ? new TermValue(evaluation.Value, evaluation) : TermValue.None;
                    }
                }
            }
        }

        return values;
    }

    public static TermValue Read(RunTerm column, DbDataReader row, int at) => row.IsDBNull(at) ? TermValue.None : new TermValue((column, column.Kind) switch
    {
        (RunTerm.Evaluation, _) => row.GetInt64(at),
        (_, TermKind.Number or TermKind.Duration) => Convert.ToDouble(row.GetValue(at), CultureInfo.InvariantCulture),
        (_, TermKind.Time) => new DateTimeOffset(row.GetInt64(at), TimeSpan.Zero),
        (RunTerm.Field, TermKind.Truth) => row.GetBoolean(at),
        (_, TermKind.Truth) => row.GetString(at) == "true",
        (RunTerm.Field field, TermKind.Choice) => field.Of.Words.First(word => word.Value == row.GetString(at)).Key,
        _ => row.GetString(at),
    });
}
