using CatchUp.Contracts.Presets;
using CatchUp.Statistics.Importance;
using CatchUp.Tracking.Configurations;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;
using Microsoft.EntityFrameworkCore;
using NumberParameter = CatchUp.Search.Spaces.NumberParameter;
using NumberScale = CatchUp.Search.Spaces.NumberScale;

namespace CatchUp.Tracking.Parameters;

/// <summary>Reads the configurations and results of many runs at once.</summary>
public sealed class ParameterStore
{
    /// <summary>So many runs are read at the most.</summary>
    public const int MostRuns = 10_000;

    /// <summary>A database takes only so many values in one question.</summary>
    private const int AtOnce = 1024;

    /// <summary>Files of more sweeps are not read for how their keys were drawn.</summary>
    private const int MostFiles = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TrackingDatabase _database;
    private readonly TimeProvider _time;

    internal ParameterStore(TrackingDatabase database, TimeProvider time) => (_database, _time) = (database, time);

    /// <param name="query">Which runs; its order and its limits do not matter.</param>
    /// <param name="terms">What is read of each run besides its configuration: numbers.</param>
    /// <exception cref="ArgumentException">A term is no number.</exception>
    /// <exception cref="QuestionTooLongException">The filter asks for more than the database can tell in a few seconds.</exception>
    public Task<ParameterTable> ReadAsync(RunQuery query, IReadOnlyList<RunTerm> terms, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(terms);
        if (terms.FirstOrDefault(term => !IsNumber(term)) is { } other)
        {
            throw new ArgumentException($"{other} is no number.", nameof(terms));
        }

        return _database.ReadAsync(
            async (context, patience) =>
            {
                var sql = new RunSql(_database.Dialect, _time.GetUtcNow());
                var where = RunListing.Where(sql, query);
                var total = (int)(await Sql.NumberAsync(context, $"SELECT COUNT(*) {sql.From} WHERE {where}", patience, sql.Parameters) ?? 0);
                var examples = new Dictionary<string, long>(StringComparer.Ordinal);
                var runs = total == 0 ? [] : await RunsAsync(context, sql, where, terms, examples, patience);
                var keys = await KeysAsync(context, runs, patience);
                return new ParameterTable { Total = total, Terms = terms, Runs = runs, Keys = keys, Protocols = await ProtocolsAsync(context, examples, patience) };
            },
            Patience,
            cancellation);
    }

    /// <summary>Whether a term can be read here.</summary>
    public static bool IsNumber(RunTerm term)
    {
        ArgumentNullException.ThrowIfNull(term);
        return term is not RunTerm.Key && term.Kind is TermKind.Number or TermKind.Duration;
    }

    private static async Task<List<ParameterRun>> RunsAsync(CatchUpContext context, RunSql sql, string where, IReadOnlyList<RunTerm> terms, Dictionary<string, long> examples, CancellationToken cancellation)
    {
        var selected = terms.Select(term => term is RunTerm.Evaluation evaluation
            ? $", {sql.Value(term)}, {sql.Evaluation(evaluation)}.low, {sql.Evaluation(evaluation)}.high, {sql.Evaluation(evaluation)}.fingerprint, {sql.Evaluation(evaluation)}.id"
            : $", {sql.Value(term)}").ToList();
        var limit = sql.Parameter(MostRuns);
        var runs = await Sql.ListAsync(
            context,
            $"SELECT r.id, r.name, r.sweep_id, r.seed, r.configuration{string.Concat(selected)} {sql.From} WHERE {where} ORDER BY r.id DESC LIMIT {limit}",
            row =>
            {
                var values = new MeasuredNumber?[terms.Count];
                var at = 5;
                for (var index = 0; index < terms.Count; index++)
                {
                    var value = row.IsDBNull(at) ? (double?)null : Convert.ToDouble(row.GetValue(at), System.Globalization.CultureInfo.InvariantCulture);
                    if (terms[index] is not RunTerm.Evaluation)
                    {
                        values[index] = value is { } number ? new(number, null, null, null) : null;
                        at++;
                        continue;
                    }

                    if (value is { } measured)
                    {
                        var fingerprint = row.GetString(at + 3);
                        examples.TryAdd(fingerprint, row.GetInt64(at + 4));
                        values[index] = new(measured, Sql.Double(row, at + 1), Sql.Double(row, at + 2), fingerprint);
                    }

                    at += 5;
                }

                return new ParameterRun(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt32(3), row.IsDBNull(4) ? null : row.GetString(4), values);
            },
            cancellation,
            sql.Parameters);
        runs.Reverse();
        return runs;
    }

    /// <summary>The keys in which the runs differ: each has its sweep's value, unless it has one of its own.</summary>
    private static async Task<IReadOnlyList<ParameterKey>> KeysAsync(CatchUpContext context, List<ParameterRun> runs, CancellationToken cancellation)
    {
        var paths = (await Sql.ListAsync(context, "SELECT id, path FROM configuration_keys", row => (Id: row.GetInt32(0), Path: row.GetString(1)), cancellation)).ToDictionary(row => row.Id, row => row.Path);
        var common = new Dictionary<(long Sweep, int Key), FeatureValue>();
        var sweeps = runs.Select(run => run.SweepId).Distinct().ToList();
        foreach (var chunk in sweeps.Chunk(AtOnce))
        {
            var (list, parameters) = Sql.In("s", chunk);
            await Sql.ReadAsync(context, $"SELECT sweep_id, key_id, number, text FROM sweep_values WHERE sweep_id IN {list}", row => common[(row.GetInt64(0), row.GetInt32(1))] = Value(row), cancellation, parameters);
        }

        var own = new Dictionary<int, List<(int Run, FeatureValue Value)>>();
        var places = runs.Index().ToDictionary(pair => pair.Item.Id, pair => pair.Index);
        foreach (var chunk in runs.Chunk(AtOnce))
        {
            var (list, parameters) = Sql.In("r", chunk.Select(run => run.Id));
            await Sql.ReadAsync(
                context,
                $"SELECT run_id, key_id, number, text FROM run_values WHERE run_id IN {list}",
                row =>
                {
                    var key = row.GetInt32(1);
                    if (!own.TryGetValue(key, out var values))
                    {
                        own[key] = values = [];
                    }

                    values.Add((places[row.GetInt64(0)], Value(row)));
                },
                cancellation,
                parameters);
        }

        var candidates = common.Keys.Select(pair => pair.Key).Distinct()
            .Where(key => sweeps.Select(sweep => common.GetValueOrDefault((sweep, key))).Distinct().Count() > 1)
            .Union(own.Keys)
            .Where(paths.ContainsKey)
            .ToDictionary(key => paths[key]);
        var logarithmic = await LogarithmicAsync(context, sweeps, cancellation);
        var keys = new List<ParameterKey>();
        foreach (var path in Configuration.Paths.Where(path => candidates.ContainsKey(path) && !Configuration.IsApart(path)))
        {
            var key = candidates[path];
            var values = runs.ConvertAll(run => common.GetValueOrDefault((run.SweepId, key)));
            foreach (var (run, value) in own.GetValueOrDefault(key) ?? [])
            {
                values[run] = value;
            }

            if (values.Any(value => value != values[0]))
            {
                keys.Add(new(path, logarithmic.Contains(path), values));
            }
        }

        return keys;
    }

    private static FeatureValue Value(System.Data.Common.DbDataReader row) =>
        !row.IsDBNull(2) ? new(row.GetDouble(2)) : !row.IsDBNull(3) ? new(row.GetString(3)) : default;

    /// <summary>The keys that a sweep draws from a logarithmic range.</summary>
    private static async Task<IReadOnlySet<string>> LogarithmicAsync(CatchUpContext context, List<long> sweeps, CancellationToken cancellation)
    {
        var some = sweeps.TakeLast(MostFiles).ToList();
        var files = await context.Sweeps.Where(sweep => some.Contains(sweep.Id)).Select(sweep => sweep.Document).ToListAsync(cancellation);
        return files
            .SelectMany(file => SweepFileReader.Read(file, PresetCatalog.All).File?.Space.Parameters ?? [])
            .OfType<NumberParameter>()
            .Where(parameter => parameter.Scale is NumberScale.LogUniform or NumberScale.LogNormal)
            .Select(parameter => parameter.Path)
            .ToHashSet(StringComparer.Ordinal);
    }

    private static async Task<IReadOnlyDictionary<string, string>> ProtocolsAsync(CatchUpContext context, Dictionary<string, long> examples, CancellationToken cancellation)
    {
        var ids = examples.Values.Take(AtOnce).ToList();
        var evaluations = ids.Count == 0 ? [] : await context.Evaluations.Where(evaluation => ids.Contains(evaluation.Id)).ToListAsync(cancellation);
        return evaluations.ToDictionary(evaluation => evaluation.Fingerprint, evaluation => EvaluationStore.From(evaluation).Protocol, StringComparer.Ordinal);
    }
}
