using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Benchmarks.Tracking;

/// <summary>
/// Sweeps with runs that look as if they had been trained, without their points: configurations over several keys, replicates, states, attempts, tags, and
/// evaluations over NFE and steps by two unlike protocols. All of it follows from the number of runs and the time alone, and is marked as synthetic:
/// by its project, its data set, its extractor and its names.
/// </summary>
internal static class SyntheticRuns
{
    private const string Orders = """
          objective: [{ kind: rectified-flow }, { kind: catch-up, order: rk12 }, { kind: catch-up, order: rk23 }, { kind: catch-up, order: rk34 }]
          optimizer.learningRate: [1e-4, 3e-4, 1e-3, 3e-3, 1e-2]
          training.batchSize: [8, 16, 32, 64]
          network.dropout: [0, 0.1]
          ema.decay: [0.9, 0.95, 0.99, 0.995, 0.999]
        """;

    private const string Rates = """
          optimizer.learningRate: [1e-4, 2e-4, 4e-4, 8e-4, 1.6e-3]
          optimizer.warmupSteps: [0, 20, 100, 200, 400]
          network.dropout: [0, 0.05, 0.1, 0.15, 0.2]
        """;

    private const string Seeds = """
          objective: [{ kind: rectified-flow }, { kind: catch-up, order: rk12 }, { kind: catch-up, order: rk23 }, { kind: catch-up, order: rk34 }]
          training.batchSize: [16, 32, 64]
        """;

    /// <summary>The first has two fifths of all runs; the others take turns after it.</summary>
    private static readonly (string Name, string Space, int Replicates)[] Shapes = [("orders", Orders, 5), ("rates", Rates, 1), ("seeds", Seeds, 20), ("pair", "  objective.order: [rk12, rk23]\n", 3)];

    /// <returns>The runs' ids.</returns>
    /// <param name="database">Migrated.</param>
    /// <param name="count">How many runs, in as many sweeps as that takes; the last one is cut off.</param>
    /// <param name="now">When the last run ended; each of the others ended a minute earlier than its successor.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<IReadOnlyList<long>> WriteAsync(TrackingDatabase database, int count, DateTimeOffset now, CancellationToken cancellation)
    {
        var ids = new List<long>(count);
        for (var number = 0; ids.Count < count; number++)
        {
            var shape = number == 0 ? Shapes[0] : Shapes[1 + ((number - 1) % (Shapes.Length - 1))];
            var left = count - ids.Count;
            var most = number == 0 ? Math.Max(1, count * 2 / 5) : left;
            var ended = now.UtcTicks - ((left - 1) * TimeSpan.TicksPerMinute);
            ids.AddRange(await database.WriteAsync(context => SweepAsync(context, Document(shape.Name, shape.Space, shape.Replicates, number), most, number, ended, cancellation), cancellation));
        }

        return ids;
    }

    /// <summary>A sweep of runs that wait for a worker nobody has.</summary>
    public static Task<int> WriteWaitingAsync(TrackingDatabase database, int count, DateTimeOffset now, CancellationToken cancellation) => database.WriteAsync(
        async context => (await QueuedAsync(context, $"{Document("waiting", Orders, 5, 0)}schedule: {{ requires: {{ labels: [{BulkFill.Project}] }} }}\n", count, now.UtcTicks, cancellation)).Runs,
        cancellation);

    private static string Document(string name, string space, int replicates, int number) => FormattableString.Invariant($$"""
        # Made by CatchUp.Benchmarks.Tracking; no training behind it.
        name: Synthetic {{name}} {{number + 1}}
        project: {{BulkFill.Project}}
        base: { preset: fashion-tiny, data: { dataset: synthetic } }
        space:
        {{space}}
        replicates: {{replicates}}
        objective: { metric: fid, solver: euler, nfe: 4, goal: minimize }
        evaluation: { every: 200, solvers: [euler], nfe: [1, 2, 4, 8], samples: {{Samples(number)}} }

        """);

    /// <summary>Sweeps take turns in how many images their numbers are of, so that two kinds of numbers are there that must not be ranked together.</summary>
    private static int Samples(int number) => number % 2 == 0 ? 1000 : 500;

    private static async Task<(SweepEntity Sweep, int Runs)> QueuedAsync(CatchUpContext context, string document, int most, long now, CancellationToken cancellation)
    {
        var planner = new SweepPlanner();
        var (plan, file) = planner.Read(document, _ => [], whole: false);
        if (!plan.IsValid)
        {
            throw new BenchmarkException($"The synthetic sweep is refused: {plan.Problems[0].Message}");
        }

        var sweep = new SweepEntity
        {
            RequestId = Guid.NewGuid(), Name = plan.Name, Project = plan.Project, Owner = BulkFill.Project, Document = document, Trials = plan.Trials, Replicates = plan.Replicates, CreatedAt = now, Requires = file!.Requires.Json,
            ObjectiveMetric = "fid", ObjectiveSolver = "euler", ObjectiveNfe = 4, ObjectiveHead = 1, ObjectiveGoal = plan.Objective!.Goal, SweptKeys = JsonSerializer.Serialize(plan.SweptKeys, ContractJson.Options),
        };
        context.Sweeps.Add(sweep);
        await context.SaveChangesAsync(cancellation);
        var runs = await SweepRunWriter.WriteAsync(context, sweep, planner.Expand(document).Take(most), now, cancellation);
        sweep.Trials = Math.Min(plan.Trials, (runs + plan.Replicates - 1) / plan.Replicates);
        return (sweep, runs);
    }

    private static async Task<List<long>> SweepAsync(CatchUpContext context, string document, int most, int number, long ended, CancellationToken cancellation)
    {
        var (sweep, _) = await QueuedAsync(context, document, most, ended - TimeSpan.TicksPerHour, cancellation);
        var ids = await Sql.ListAsync(context, "SELECT id FROM runs WHERE sweep_id = @sweep ORDER BY id", row => row.GetInt64(0), cancellation, ("@sweep", sweep.Id));
        (string, object?)[] parameters =
        [
            ("@sweep", sweep.Id), ("@first", ids[0]), ("@ended", ended), ("@minute", TimeSpan.TicksPerMinute), ("@samples", Samples(number)), ("@fingerprint", FormattableString.Invariant($"synthetic-{Samples(number)}")),
        ];
        foreach (var statement in Statements)
        {
            await Sql.ExecuteAsync(context, statement, cancellation, [.. parameters.Where(parameter => statement.Contains(parameter.Item1, StringComparison.Ordinal))]);
        }

        // Two slots of one machine, each for an hour a run.
        var incarnation = Guid.NewGuid();
        context.Attempts.AddRange(ids.Select((run, index) => new AttemptEntity
        {
            RunId = run, Number = 1, Worker = "synthetic", Incarnation = incarnation, Slot = index % 2, Device = "cpu synthetic", RequestId = Guid.NewGuid(), Assignment = "{}", Position = 1000, LastStep = 800,
            AssignedAt = ended + ((index - 60) * TimeSpan.TicksPerMinute), StartedAt = ended + ((index - 60) * TimeSpan.TicksPerMinute), ProgressAt = ended + (index * TimeSpan.TicksPerMinute), EndedAt = ended + (index * TimeSpan.TicksPerMinute),
            EndedByJournal = true, LeaseExpiresAt = ended + (index * TimeSpan.TicksPerMinute), TrainingSeconds = 3000, EvaluationSeconds = 500, SamplingSeconds = 50,
        }));
        return ids;
    }

    // Digits of a number that follows from the run's place, its step and its NFE stand for chance.
    private static readonly string[] Statements =
    [
        """
        UPDATE runs SET attempt = 1, step = steps, started_at = @ended + (id - @first - 60) * @minute, ended_at = @ended + (id - @first) * @minute, updated_at = @ended + (id - @first) * @minute, last_loss = 0.05 + (trial * 37 % 100) / 1000.0,
          state = CASE WHEN (id - @first) % 41 = 7 THEN 'Failed' WHEN (id - @first) % 59 = 8 THEN 'Cancelled' WHEN (id - @first) % 67 = 9 THEN 'Pruned' ELSE 'Completed' END,
          cause = CASE WHEN (id - @first) % 41 = 7 THEN 'Synthetic: the loss was not finite.' WHEN (id - @first) % 59 = 8 THEN 'Synthetic: cancelled.' END
        WHERE sweep_id = @sweep
        """,
        """
        INSERT INTO evaluations (run_id, step, snapshot_sha256, solver, nfe, head, metric, extractor, extractor_sha256, reference, reference_sha256, samples, gate, noise_bank, quantisation, fingerprint, value, kind, low, high, sample_seconds, evaluate_seconds, at)
        SELECT v.id, v.quarter * v.steps / 4, '', 'euler', v.nfe, 1, 'fid', 'synthetic', '', 'synthetic', '', @samples, 0, 1, '8 bit', @fingerprint, v.fid, 0, v.fid - 0.4, v.fid + 0.4, 10, 5, v.ended_at - (4 - v.quarter) * @minute
        FROM (
          SELECT r.id, r.steps, r.ended_at, q.quarter, n.nfe, 15 + (r.trial * 37 % 100) / 10.0 + 60.0 / n.nfe + 20.0 / q.quarter + ((r.id - @first) * 7919 + q.quarter * 104729 + n.nfe * 1299709) % 1000 / 500.0 AS fid
          FROM runs r CROSS JOIN (SELECT 1 AS quarter UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) q CROSS JOIN (SELECT 1 AS nfe UNION ALL SELECT 2 UNION ALL SELECT 4 UNION ALL SELECT 8) n
          WHERE r.sweep_id = @sweep AND r.state = 'Completed') v
        ORDER BY v.id, v.quarter, v.nfe
        """,
        """
        UPDATE runs SET best_evaluation_id = (SELECT e.id FROM evaluations e WHERE e.run_id = runs.id AND e.nfe = 4 ORDER BY e.value, e.id LIMIT 1), best_value = (SELECT MIN(e.value) FROM evaluations e WHERE e.run_id = runs.id AND e.nfe = 4)
        WHERE sweep_id = @sweep AND state = 'Completed'
        """,
        "INSERT INTO run_tags (run_id, tag) SELECT id, 'baseline' FROM runs WHERE sweep_id = @sweep AND trial % 20 = 0 UNION ALL SELECT id, 'night' FROM runs WHERE sweep_id = @sweep AND (id - @first) % 7 = 0",
        """
        INSERT INTO run_events (run_id, at, attempt, from_state, to_state, cause)
        SELECT id, @ended + (id - @first - 70) * @minute, 0, NULL, 'Queued', 'Queued with its sweep. Synthetic.' FROM runs WHERE sweep_id = @sweep
        UNION ALL SELECT id, started_at, 1, 'Queued', 'Running', 'Synthetic.' FROM runs WHERE sweep_id = @sweep
        UNION ALL SELECT id, ended_at, 1, 'Running', state, 'Synthetic.' FROM runs WHERE sweep_id = @sweep
        """,
    ];
}
