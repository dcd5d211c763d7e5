using System.Globalization;
using System.Text;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Database;

namespace CatchUp.Tracking.Configurations;

/// <summary>
/// Keeps configurations where lists can filter, sort and group by any key of them. A sweep's runs have most of their keys in common, so the values of the first
/// are kept with the sweep, and with a run only those that are others.
/// </summary>
internal sealed class ConfigurationIndex
{
    private readonly int[] _keys;
    private readonly ConfigurationValue[] _common;

    private ConfigurationIndex(int[] keys, ConfigurationValue[] common)
    {
        _keys = keys;
        _common = common;
    }

    /// <summary>The index of a sweep's runs, with what the first of them has if it has none yet. In the caller's transaction, under the sweep's lock.</summary>
    public static async Task<ConfigurationIndex> OpenAsync(CatchUpContext context, long sweep, RunSpecification first, CancellationToken cancellation)
    {
        var keys = await KeysAsync(context, cancellation);
        var common = new ConfigurationValue[keys.Length];
        var found = false;
        var places = keys.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        await Sql.ReadAsync(
            context,
            "SELECT key_id, number, text FROM sweep_values WHERE sweep_id = @sweep",
            row =>
            {
                found = true;
                if (places.TryGetValue(row.GetInt32(0), out var place))
                {
                    common[place] = new(Sql.Double(row, 1), row.IsDBNull(2) ? null : row.GetString(2));
                }
            },
            cancellation,
            ("@sweep", sweep));
        if (!found)
        {
            common = Configuration.ValuesOf(first);
            await InsertAsync(context, "sweep_values", "sweep_id", [.. common.Index().Where(pair => pair.Item != default).Select(pair => (sweep, keys[pair.Index], pair.Item))], cancellation);
        }

        return new(keys, common);
    }

    /// <summary>Writes what these runs have otherwise than the sweep's first.</summary>
    public Task WriteAsync(CatchUpContext context, IEnumerable<(long Run, ConfigurationValue[] Values)> runs, CancellationToken cancellation)
    {
        var rows = new List<(long, int, ConfigurationValue)>();
        foreach (var (run, values) in runs)
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (values[i] != _common[i])
                {
                    rows.Add((run, _keys[i], values[i]));
                }
            }
        }

        return InsertAsync(context, "run_values", "run_id", rows, cancellation);
    }

    /// <summary>Indexes runs that an earlier version wrote, a few in each transaction.</summary>
    public static async Task<int> BackfillAsync(CatchUpContext context, CancellationToken cancellation)
    {
        var rows = await Sql.ListAsync(
            context,
            "SELECT id, sweep_id, specification FROM runs WHERE configuration IS NULL ORDER BY id LIMIT 500",
            row => (Run: row.GetInt64(0), Sweep: row.GetInt64(1), Specification: JsonSerializer.Deserialize<RunSpecification>(row.GetString(2), ContractJson.Options)!),
            cancellation);
        foreach (var sweep in rows.GroupBy(row => row.Sweep))
        {
            var index = await OpenAsync(context, sweep.Key, sweep.First().Specification, cancellation);
            var values = sweep.Select(row => (row.Run, Values: Configuration.ValuesOf(row.Specification))).ToList();
            await index.WriteAsync(context, values, cancellation);
            foreach (var (run, own) in values)
            {
                await Sql.ExecuteAsync(context, "UPDATE runs SET configuration = @hash WHERE id = @run", cancellation, ("@hash", Configuration.HashOf(own)), ("@run", run));
            }
        }

        return rows.Count;
    }

    /// <summary>The number of each of <see cref="Configuration.Paths"/>.</summary>
    private static async Task<int[]> KeysAsync(CatchUpContext context, CancellationToken cancellation)
    {
        var known = await ReadAsync();
        var missing = Configuration.Paths.Where(path => !known.ContainsKey(path)).ToList();
        foreach (var path in missing)
        {
            // Another server may do the same.
            await Sql.ExecuteAsync(context, "INSERT INTO configuration_keys (path) VALUES (@path) ON CONFLICT DO NOTHING", cancellation, ("@path", path));
        }

        known = missing.Count > 0 ? await ReadAsync() : known;
        return [.. Configuration.Paths.Select(path => known[path])];

        async Task<Dictionary<string, int>> ReadAsync() =>
            (await Sql.ListAsync(context, "SELECT path, id FROM configuration_keys", row => (Path: row.GetString(0), Id: row.GetInt32(1)), cancellation)).ToDictionary(row => row.Path, row => row.Id, StringComparer.Ordinal);
    }

    private static async Task InsertAsync(CatchUpContext context, string table, string owner, IReadOnlyList<(long Owner, int Key, ConfigurationValue Value)> rows, CancellationToken cancellation)
    {
        foreach (var chunk in rows.Chunk(500))
        {
            var text = new StringBuilder($"INSERT INTO {table} ({owner}, key_id, number, text) VALUES ");
            var parameters = new List<(string, object?)>(4 * chunk.Length);
            foreach (var (index, (id, key, value)) in chunk.Index())
            {
                text.Append(index == 0 ? "" : ", ").Append(CultureInfo.InvariantCulture, $"(@o{index}, @k{index}, @n{index}, @t{index})");
                parameters.AddRange([($"@o{index}", id), ($"@k{index}", key), ($"@n{index}", value.Number), ($"@t{index}", value.Text)]);
            }

            await Sql.ExecuteAsync(context, text.ToString(), cancellation, [.. parameters]);
        }
    }
}
