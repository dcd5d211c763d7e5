using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Database;

namespace CatchUp.Tracking.Queue;

/// <summary>What steps and evaluations have cost lately, and so what a run will cost. Sums of seconds over sums of work, so that long runs weigh more.</summary>
internal sealed class Throughput
{
    /// <summary>Runs that are looked at, the newest first.</summary>
    private const int MostAttempts = 1000;

    private readonly Rates _steps = new();
    private readonly Rates _evaluations = new();

    public static async Task<Throughput> ReadAsync(CatchUpContext context, CancellationToken cancellation)
    {
        var attempts = await Sql.ListAsync(
            context,
            $"""
            SELECT a.run_id, r.cost_key, r.project, r.kind, r.evaluation_work, a.device, a.live, a.outcome, a.assigned_at, a.ended_at, a.started_at, a.progress_at, a.from_step, a.last_step
            FROM attempts a JOIN runs r ON r.id = a.run_id
            WHERE a.started_at IS NOT NULL AND (a.live OR a.outcome IN ('Completed', 'Paused'))
            ORDER BY a.run_id DESC LIMIT {MostAttempts}
            """,
            row => new
            {
                Run = row.GetInt64(0),
                Key = row.IsDBNull(1) ? null : row.GetString(1),
                Project = row.GetString(2),
                Evaluates = row.GetString(3) == nameof(RunKind.Evaluate),
                Work = row.GetDouble(4),
                Device = row.IsDBNull(5) ? null : row.GetString(5),
                Live = row.GetBoolean(6),
                Completed = !row.IsDBNull(7) && row.GetString(7) == "Completed",
                Assigned = row.GetInt64(8),
                Ended = Sql.Long(row, 9),
                Started = row.GetInt64(10),
                Progress = Sql.Long(row, 11),
                Steps = Math.Max(0, row.GetInt32(13) - row.GetInt32(12)),
            },
            cancellation);
        var measured = new Throughput();
        if (attempts.Count == 0)
        {
            return measured;
        }

        var evaluations = (await Sql.ListAsync(
            context,
            """
            SELECT e.run_id, SUM(e.seconds), SUM(e.work) FROM (
              SELECT run_id, MAX(sample_seconds) + SUM(evaluate_seconds) AS seconds, MAX(samples * (nfe + 4.0)) AS work
              FROM evaluations WHERE run_id >= @first GROUP BY run_id, step, gate, solver, nfe, head) e
            GROUP BY e.run_id
            """,
            row => (Run: row.GetInt64(0), Seconds: row.GetDouble(1), Work: row.GetDouble(2)),
            cancellation,
            ("@first", attempts.Min(attempt => attempt.Run)))).ToDictionary(sum => sum.Run, sum => (sum.Seconds, sum.Work));

        foreach (var run in attempts.GroupBy(attempt => attempt.Run))
        {
            var first = run.First();
            var seconds = run.Sum(attempt => Seconds(attempt.Live ? attempt.Progress - attempt.Started : attempt.Ended - attempt.Assigned));
            if (first.Evaluates)
            {
                if (first.Completed)
                {
                    measured._evaluations.Add(first.Key, first.Project, first.Device, seconds, first.Work);
                }

                continue;
            }

            var evaluated = evaluations.GetValueOrDefault(first.Run);
            measured._evaluations.Add(first.Key, first.Project, first.Device, evaluated.Seconds, evaluated.Work);

            // Evaluations may have been made by other runs too; then what they took is no part of this one's time.
            measured._steps.Add(first.Key, first.Project, first.Device, Math.Max(seconds - evaluated.Seconds, seconds / 20), run.Sum(attempt => (double)attempt.Steps));
        }

        return measured;

        static double Seconds(long? ticks) => ticks is > 0 and { } length ? TimeSpan.FromTicks(length).TotalSeconds : 0;
    }

    /// <summary>How long the rest of a run takes on a device; null when nothing it could be told from was ever measured.</summary>
    /// <param name="device">Null: none in particular.</param>
    public (TimeSpan Length, PredictionBasis Basis)? Remaining(ForecastRun run, string? device)
    {
        var evaluation = _evaluations.Find(run.CostKey, run.Project, device);
        var left = run.Steps <= 0 ? 1 : Math.Clamp(1 - (run.Step / (double)run.Steps), 0, 1);
        if (run.Kind == RunKind.Evaluate)
        {
            return evaluation is var (perWork, known) ? (Length(run.EvaluationWork * perWork), known) : null;
        }

        return _steps.Find(run.CostKey, run.Project, device) is not var (perStep, basis) ? null : (Length((Math.Max(0, run.Steps - run.Step) * perStep) + (run.EvaluationWork * left * (evaluation?.Rate ?? 0))), basis);
    }

    private static TimeSpan Length(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 0.001, 1e9));

    private sealed class Rates
    {
        private readonly Dictionary<(PredictionBasis Basis, string? Name, string? Device), (double Seconds, double Work)> _sums = [];

        public void Add(string? key, string project, string? device, double seconds, double work)
        {
            if (seconds <= 0 || work <= 0)
            {
                return;
            }

            foreach (var place in Places(key, project, device))
            {
                var (sum, done) = _sums.GetValueOrDefault(place);
                _sums[place] = (sum + seconds, done + work);
            }
        }

        public (double Rate, PredictionBasis Basis)? Find(string? key, string project, string? device)
        {
            foreach (var place in Places(key, project, device))
            {
                if (_sums.TryGetValue(place, out var sum))
                {
                    return (sum.Seconds / sum.Work, place.Basis);
                }
            }

            return null;
        }

        private static IEnumerable<(PredictionBasis Basis, string? Name, string? Device)> Places(string? key, string project, string? device)
        {
            if (key is not null && device is not null)
            {
                yield return (PredictionBasis.SameRunsAndDevice, key, device);
            }

            if (key is not null)
            {
                yield return (PredictionBasis.SameRuns, key, null);
            }

            yield return (PredictionBasis.Project, project, null);
            yield return (PredictionBasis.Any, null, null);
        }
    }
}
