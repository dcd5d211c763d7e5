using System.Data.Common;
using System.Globalization;
using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Filters;

namespace CatchUp.Tracking.Runs;

/// <summary>Reads a stretch of the groups of a list, and every run of each.</summary>
internal static class RunGrouping
{
    /// <summary>Values of so many runs are read in one question.</summary>
    private const int RunsAtOnce = 1000;

    /// <summary>SQLite takes conditions only so deep.</summary>
    private const int GroupsAtOnce = 100;

    public static async Task<(int Total, List<Group> Groups)> ReadAsync(CatchUpContext context, DatabaseDialect dialect, RunQuery query, DateTimeOffset now, int offset, int limit, CancellationToken cancellation)
    {
        if (query.Groups.Count == 0 || query.Groups.Any(term => term.Kind == TermKind.Tags))
        {
            throw new ArgumentException("A list is grouped by one term or more, and tags are none: a run may have several.", nameof(query));
        }

        var sql = new RunSql(dialect, now);
        var where = Where(sql, query);
        var keys = query.Groups.Select(sql.Value).ToList();
        var by = string.Join(", ", keys);
        var direction = query.Descending ? " DESC" : "";
        var order = $"{await OrderAsync(context, sql, where, query, cancellation)}{direction} NULLS LAST, MIN(r.id){direction}";
        var groups = await Sql.ListAsync(
            context,
            $"SELECT {by}, COUNT(*) OVER () {sql.From} WHERE {where} GROUP BY {by} ORDER BY {order} LIMIT {sql.Parameter(limit)} OFFSET {sql.Parameter(offset)}",
            row => (Raw: Raw(row, 0, keys.Count), Total: (int)row.GetInt64(keys.Count), Key: query.Groups.Select((term, index) => term is RunTerm.Evaluation && !row.IsDBNull(index) ? new TermValue(row.GetDouble(index)) : RunListing.Read(term, row, index)).ToArray()),
            cancellation,
            sql.Parameters);

        var total = groups.Count > 0 ? groups[0].Total : offset == 0 ? 0 : await CountAsync(context, dialect, query, now, cancellation);
        var members = await MembersAsync(context, dialect, query, groups.ConvertAll(group => group.Raw), now, cancellation);
        return (total, [.. groups.Select(group => new Group(group.Key, [.. members[Word(group.Raw)]])).Where(group => group.Runs.Count > 0)]);
    }

    /// <summary>How many groups there are, where the stretch lies behind the last of them and has none to say it.</summary>
    private static async Task<int> CountAsync(CatchUpContext context, DatabaseDialect dialect, RunQuery query, DateTimeOffset now, CancellationToken cancellation)
    {
        var sql = new RunSql(dialect, now);
        var where = Where(sql, query);
        var by = string.Join(", ", query.Groups.Select(sql.Value));
        return (int)(await Sql.NumberAsync(context, $"SELECT COUNT(*) FROM (SELECT 1 {sql.From} WHERE {where} GROUP BY {by}) g", cancellation, sql.Parameters) ?? 0);
    }

    /// <summary>A run that makes another again is no replicate: the same seed twice would say that seeds change nothing.</summary>
    private static string Where(RunSql sql, RunQuery query)
    {
        var where = RunListing.Where(sql, query);
        return query.Groups.Any(term => term is RunTerm.Field { Of.Name: "configuration" })
            ? $"{where} AND r.id NOT IN (SELECT c.id FROM runs c JOIN runs o ON o.id = c.reproduces_run_id)"
            : where;
    }

    private static async Task<string> OrderAsync(CatchUpContext context, RunSql sql, string where, RunQuery query, CancellationToken cancellation)
    {
        switch (query.Sort)
        {
            case RunTerm.Field { Of.Kind: TermKind.Tags }:
                return "MIN(r.id)";
            case RunTerm.Evaluation term:
                var most = await RunListing.MostAsync(context, sql, where, term, cancellation);
                return $"AVG(CASE WHEN {sql.Evaluation(term)}.fingerprint = {sql.Parameter(most ?? "")} THEN {sql.Value(term)} END)";
            case { Kind: TermKind.Number or TermKind.Duration } term:
                return $"AVG({sql.Value(term)})";
            case { Kind: TermKind.Truth }:
                return "MIN(r.id)";
            default:
                return $"{(query.Sort.Kind == TermKind.Time ? "MAX" : "MIN")}({sql.Value(query.Sort)})";
        }
    }

    /// <summary>All runs of the groups, by their group's key in a word; the oldest first.</summary>
    private static async Task<ILookup<string, Member>> MembersAsync(CatchUpContext context, DatabaseDialect dialect, RunQuery query, List<object?[]> keys, DateTimeOffset now, CancellationToken cancellation)
    {
        var runs = new List<(long Id, RunState State, string Key)>();
        foreach (var some in keys.Chunk(GroupsAtOnce))
        {
            var sql = new RunSql(dialect, now);
            var where = Where(sql, query);
            var terms = query.Groups.Select(sql.Value).ToList();
            var any = some.Select(key => string.Join(" AND ", terms.Select((term, index) => key[index] is null ? $"{term} IS NULL" : $"{term} = {sql.Parameter(key[index])}"))).ToList();
            runs.AddRange(await Sql.ListAsync(
                context,
                $"SELECT r.id, r.state, {string.Join(", ", terms)} {sql.From} WHERE {where} AND ({string.Join(" OR ", any)}) ORDER BY r.id",
                row => (Id: row.GetInt64(0), State: Enum.Parse<RunState>(row.GetString(1)), Key: Word(Raw(row, 2, terms.Count))),
                cancellation,
                sql.Parameters));
        }

        var members = new List<(string Key, Member Run)>();
        foreach (var chunk in runs.Chunk(RunsAtOnce))
        {
            var values = await RunListing.ValuesAsync(context, dialect, query.Columns, [.. chunk.Select(run => run.Id)], now, cancellation);
            members.AddRange(chunk.Select(run => (run.Key, new Member(run.Id, run.State, values.GetValueOrDefault(run.Id) ?? [.. query.Columns.Select(_ => TermValue.None)]))));
        }

        return members.ToLookup(member => member.Key, member => member.Run, StringComparer.Ordinal);
    }

    private static object?[] Raw(DbDataReader row, int from, int count) => [.. Enumerable.Range(from, count).Select(index => row.IsDBNull(index) ? null : row.GetValue(index))];

    private static string Word(object?[] key) => string.Concat(key.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? $"{text.Length}:{text}" : value is null ? "-" : "0:"));

    internal sealed record Member(long Id, RunState State, TermValue[] Values);

    internal sealed record Group(TermValue[] Key, List<Member> Runs);
}
