using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Specifications;
using CatchUp.Search.Spaces;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Searches;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Sweeps;

/// <summary>Reads sweeps with a handful of aggregate queries a page, however many runs they have.</summary>
internal static class SweepReading
{
    public static async Task<Page<SweepSummary>> ListAsync(CatchUpContext context, string? text, bool archived, int offset, int limit, CancellationToken cancellation)
    {
        (offset, limit) = Paging.Clamp(offset, limit);
        var sweeps = context.Sweeps.Where(sweep => sweep.Archived == archived);
        if (!string.IsNullOrWhiteSpace(text))
        {
            var pattern = SearchText.Pattern(text.Trim());
#pragma warning disable CA1304, CA1311, CA1862 // Translated to SQL's lower().
            sweeps = sweeps.Where(sweep => EF.Functions.Like(sweep.Name.ToLower(), pattern, SearchText.Escape)
                || EF.Functions.Like(sweep.Project.ToLower(), pattern, SearchText.Escape)
                || EF.Functions.Like(sweep.Owner!.ToLower(), pattern, SearchText.Escape));
#pragma warning restore CA1304, CA1311, CA1862
        }

        var total = await sweeps.CountAsync(cancellation);
        var rows = await sweeps.OrderByDescending(sweep => sweep.Id).Skip(offset).Take(limit).ToListAsync(cancellation);
        var items = await SummariesAsync(context, rows, cancellation);
        return Paging.Page(items, total, offset);
    }

    public static async Task<SweepDetails?> FindAsync(CatchUpContext context, long id, CancellationToken cancellation)
    {
        var sweep = await context.Sweeps.FirstOrDefaultAsync(candidate => candidate.Id == id, cancellation);
        return sweep is null ? null : new SweepDetails((await SummariesAsync(context, [sweep], cancellation))[0], sweep.Document, Texts(sweep.SweptKeys)) { Numbers = Numbers(sweep) };
    }

    private static IReadOnlyList<SweptNumber> Numbers(SweepEntity sweep) => sweep.Search is not { } search
        ? []
        : [.. SearchSpecification.FromJson(search).ReadSpace().Parameters.OfType<NumberParameter>()
            .Where(number => number.Low < number.High)
            .Select(number => new SweptNumber(number.Path, number.Low, number.High, number.Whole, number.Scale is NumberScale.LogUniform or NumberScale.LogNormal))];

    private static async Task<IReadOnlyList<SweepSummary>> SummariesAsync(CatchUpContext context, List<SweepEntity> sweeps, CancellationToken cancellation)
    {
        if (sweeps.Count == 0)
        {
            return [];
        }

        var (ids, parameters) = Sql.In("sweep", sweeps.Select(sweep => sweep.Id));
        var counts = (await Sql.ListAsync(
            context,
            $"SELECT sweep_id, state, COUNT(*), SUM(step), SUM(steps) FROM runs WHERE sweep_id IN {ids} GROUP BY sweep_id, state",
            row => (Sweep: row.GetInt64(0), State: Enum.Parse<RunState>(row.GetString(1)), Runs: (int)row.GetInt64(2), Done: row.GetInt64(3), Steps: row.GetInt64(4)),
            cancellation,
            parameters)).ToLookup(row => row.Sweep);
        var rates = (await Sql.ListAsync(
            context,
            $"""
            SELECT r.sweep_id, a.last_step - a.from_step, a.progress_at - a.started_at FROM runs r JOIN attempts a ON a.run_id = r.id AND a.live
            WHERE r.sweep_id IN {ids} AND r.state = 'Running' AND a.started_at IS NOT NULL AND a.progress_at > a.started_at AND a.last_step > a.from_step
            """,
            row => (Sweep: row.GetInt64(0), PerTick: row.GetInt32(1) / (double)row.GetInt64(2)),
            cancellation,
            parameters)).ToLookup(row => row.Sweep, row => row.PerTick);
        var best = await BestAsync(context, ids, parameters, cancellation);
        return [.. sweeps.Select(sweep => Summary(sweep, [.. counts[sweep.Id].Select(row => (row.State, row.Runs, row.Done, row.Steps))], rates[sweep.Id].Sum(), best.GetValueOrDefault(sweep.Id)))];
    }

    private static SweepSummary Summary(SweepEntity sweep, List<(RunState State, int Runs, long Done, long Steps)> counts, double stepsPerTick, (string Run, Evaluation Evaluation) best)
    {
        var open = counts.Where(row => row.State is RunState.Queued or RunState.Running or RunState.Paused).Sum(row => row.Steps - row.Done);
        var steps = counts.Sum(row => row.Steps);
        var remaining = stepsPerTick > 0 ? open / stepsPerTick : 0;
        return new SweepSummary
        {
            Id = sweep.Id,
            Name = sweep.Name,
            Project = sweep.Project,
            Owner = sweep.Owner,
            CreatedAt = new DateTimeOffset(sweep.CreatedAt, TimeSpan.Zero),
            Trials = sweep.Trials,
            Replicates = sweep.Replicates,
            Runs = counts.Sum(row => row.Runs),
            States = counts.OrderBy(row => row.State).ToDictionary(row => row.State, row => row.Runs),
            Progress = sweep.Search is not null ? SearchProgress(sweep, counts) : steps == 0 ? 0 : counts.Sum(row => row.Done) / (double)steps,
            Remaining = stepsPerTick > 0 && remaining < TimeSpan.MaxValue.Ticks ? TimeSpan.FromTicks((long)remaining) : null,
            Objective = Objective(sweep),
            Best = best.Evaluation,
            BestRunName = best.Run,
            Searches = sweep.Search is not null,
            SearchStopped = sweep.SearchStopped,
            SearchEnded = sweep.SearchEnded,
            Priority = sweep.Priority,
            MaxParallel = sweep.MaxParallel,
            Window = sweep.Window,
            Deadline = sweep.Deadline,
            DeadlineAt = sweep.DeadlineAt is { } deadline ? new DateTimeOffset(deadline, TimeSpan.Zero) : null,
            Archived = sweep.Archived,
            Paused = sweep.Paused,
        };
    }

    /// <summary>Of all trials that are to come; one that was stopped early is done.</summary>
    private static double SearchProgress(SweepEntity sweep, List<(RunState State, int Runs, long Done, long Steps)> counts)
    {
        var (runs, steps) = (counts.Sum(row => row.Runs), counts.Sum(row => row.Steps));
        var all = runs == 0 ? 0 : (double)steps / runs * Math.Max(runs, sweep.Trials * (double)sweep.Replicates);
        return all == 0 ? 0 : counts.Sum(row => RunHistory.IsEnd(row.State) ? row.Steps : row.Done) / all;
    }

    /// <summary>The best of the runs' best values, within the fingerprint that most of them have: unlike measurements are not ranked together.</summary>
    private static async Task<Dictionary<long, (string Run, Evaluation Evaluation)>> BestAsync(CatchUpContext context, string ids, (string Name, object? Value)[] parameters, CancellationToken cancellation)
    {
        // Each fingerprint by its evaluation's number: joined, a planner that knows no sweep's size reads the evaluations of all of them.
        var kinds = (await Sql.ListAsync(
            context,
            $"""
            SELECT b.sweep_id, b.fingerprint, COUNT(*), MIN(b.best_evaluation_id), CASE WHEN MAX(s.objective_goal) = 'Maximize' THEN MAX(b.best_value) ELSE MIN(b.best_value) END
            FROM (
              SELECT r.sweep_id, r.best_value, r.best_evaluation_id, (SELECT e.fingerprint FROM evaluations e WHERE e.id = r.best_evaluation_id) AS fingerprint
              FROM runs r WHERE r.sweep_id IN {ids} AND r.best_value IS NOT NULL
            ) b JOIN sweeps s ON s.id = b.sweep_id
            GROUP BY b.sweep_id, b.fingerprint
            """,
            row => (Sweep: row.GetInt64(0), Fingerprint: row.IsDBNull(1) ? null : row.GetString(1), Members: row.GetInt64(2), First: row.GetInt64(3), Value: row.GetDouble(4)),
            cancellation,
            parameters)).Where(kind => kind.Fingerprint is not null).GroupBy(kind => kind.Sweep, (_, kinds) => kinds.OrderByDescending(kind => kind.Members).ThenBy(kind => kind.First).First());
        var best = new List<(long Sweep, string Run, long Evaluation)>();
        foreach (var kind in kinds)
        {
            best.AddRange(await Sql.ListAsync(
                context,
                """
                SELECT r.name, e.id FROM runs r JOIN evaluations e ON e.id = r.best_evaluation_id
                WHERE r.sweep_id = @sweep AND r.best_value = @value AND e.fingerprint = @fingerprint ORDER BY e.id LIMIT 1
                """,
                row => (kind.Sweep, row.GetString(0), row.GetInt64(1)),
                cancellation,
                ("@sweep", kind.Sweep), ("@value", kind.Value), ("@fingerprint", kind.Fingerprint)));
        }

        var found = best.Select(row => row.Evaluation).ToList();
        var evaluations = await context.Evaluations.Where(evaluation => found.Contains(evaluation.Id)).ToDictionaryAsync(evaluation => evaluation.Id, cancellation);
        return best.ToDictionary(row => row.Sweep, row => (row.Run, EvaluationStore.From(evaluations[row.Evaluation])));
    }

    public static SweepObjective? Objective(SweepEntity sweep) => sweep is { ObjectiveMetric: { } metric, ObjectiveSolver: { } solver, ObjectiveNfe: { } nfe, ObjectiveHead: { } head, ObjectiveGoal: { } goal }
        ? new SweepObjective(metric, JsonSerializer.Deserialize<SolverKind>($"\"{solver}\"", ContractJson.Options), nfe, head, goal)
        : null;

    private static List<string> Texts(string json) => JsonSerializer.Deserialize<List<string>>(json, ContractJson.Options) ?? [];
}
