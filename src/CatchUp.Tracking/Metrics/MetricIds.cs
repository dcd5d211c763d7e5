using System.Collections.Concurrent;
using CatchUp.Tracking.Database;

namespace CatchUp.Tracking.Metrics;

/// <summary>The ids of metric names in the database. None is ever changed or removed, so what was committed once is remembered.</summary>
internal sealed class MetricIds
{
    /// <summary>Names come from trainers; should they never be the same twice, memory is not for them.</summary>
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<string, int> _committed = new(StringComparer.Ordinal);

    /// <summary>The ids of the names; those that are new get one in the context's transaction.</summary>
    public async Task<Dictionary<string, int>> OfAsync(CatchUpContext context, IEnumerable<string> names, CancellationToken cancellation)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);

        // In one order everywhere: two servers that add the same names wait for each other and not in a circle.
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (_committed.TryGetValue(name, out var id))
            {
                ids[name] = id;
            }
            else
            {
                missing.Add(name);
            }
        }

        await ReadAsync(context, missing, ids, cancellation);
        if (missing.RemoveWhere(ids.ContainsKey) > 0)
        {
            Remember(ids);
        }

        foreach (var name in missing)
        {
            await Sql.ExecuteAsync(context, "INSERT INTO metrics (name) VALUES (@name) ON CONFLICT DO NOTHING", cancellation, ("@name", name));
        }

        // Not remembered before a later transaction finds them: this one may be undone.
        await ReadAsync(context, missing, ids, cancellation);
        return ids;
    }

    private void Remember(Dictionary<string, int> ids)
    {
        if (_committed.Count + ids.Count > Most)
        {
            _committed.Clear();
        }

        foreach (var (name, id) in ids)
        {
            _committed[name] = id;
        }
    }

    private static async Task ReadAsync(CatchUpContext context, IEnumerable<string> names, Dictionary<string, int> ids, CancellationToken cancellation)
    {
        foreach (var chunk in names.Chunk(500))
        {
            var (list, parameters) = Sql.In("name", chunk);
            foreach (var (name, id) in await Sql.ListAsync(context, $"SELECT name, id FROM metrics WHERE name IN {list}", row => (row.GetString(0), row.GetInt32(1)), cancellation, parameters))
            {
                ids[name] = id;
            }
        }
    }
}
