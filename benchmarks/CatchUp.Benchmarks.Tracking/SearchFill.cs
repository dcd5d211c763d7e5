using CatchUp.Search.Ledger;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Searches;
using CatchUp.Tracking.Sweeps;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Benchmarks.Tracking;

/// <summary>
/// Takes a stored searching sweep on as if its trials had been trained: their runs, evaluations and ledger entries are there, and no
/// training is behind them. For speed the configurations of a tpe sweep are drawn at random; their reasons are ones that tpe gave.
/// </summary>
internal static class SearchFill
{
    private const int Open = 8, AtOnce = 500;

    /// <summary>Until so many trials have results.</summary>
    public static async Task FillAsync(TrackingDatabase database, long sweep, int results, CancellationToken cancellation)
    {
        var (entity, entries) = await database.ReadAsync(
            async context => (await context.Sweeps.SingleAsync(candidate => candidate.Id == sweep, cancellation), await Sql.ListAsync(context, "SELECT line FROM search_entries WHERE sweep_id = @sweep ORDER BY number", row => LedgerEntry.FromLine(row.GetString(0)), cancellation, ("@sweep", sweep))),
            cancellation);
        var specification = SearchSpecification.FromJson(entity.Search!);
        var reasons = entries.OfType<LedgerEntry.Proposed>().Select(entry => entry.Reason).TakeLast(100).ToList();
        var rules = specification.Rules.Method == SearchMethod.Tpe ? specification.Rules with { Method = SearchMethod.Random } : specification.Rules;
        var ledger = SearchLedger.Replay(specification.ReadSpace(), rules, entries);
        var now = DateTimeOffset.UtcNow.UtcTicks;
        for (var known = ledger.History.Trials.Count - ledger.History.Open.Count; known < results;)
        {
            var count = Math.Min(AtOnce, results - known);
            await database.WriteAsync(
                async context =>
                {
                    var planned = new List<PlannedRun>();
                    while (ledger.History.Open.Count < count + Open && ledger.Next() is LedgerEntry.Proposed proposed)
                    {
                        var trial = ledger.History.Trials[proposed.Trial].Configuration.ToTrial(proposed.Trial);
                        planned.AddRange(SweepPlanner.Runs(entity.Name, 1, trial, specification.Specify(trial)));
                    }

                    if (planned.Count > 0)
                    {
                        await SweepRunWriter.WriteAsync(context, entity, planned, now, cancellation, planned[0].Trial);
                        await Sql.ExecuteAsync(
                            context, "INSERT INTO run_events (run_id, at, attempt, from_state, to_state, cause) SELECT id, @now, 0, NULL, state, 'Queued by the search. Synthetic.' FROM runs WHERE sweep_id = @sweep AND trial >= @first ORDER BY id", cancellation,
                            ("@now", now), ("@sweep", sweep), ("@first", planned[0].Trial));
                    }

                    foreach (var trial in ledger.History.Open.Take(count).ToList())
                    {
                        ledger.Finish(trial, [Value(trial)]);
                    }

                    await FinishAsync(context, entity, now, Value, ledger.History.Open.Min(), cancellation);
                    context.SearchEntries.AddRange(ledger.Take().Select(entry => new SearchEntryEntity
                    {
                        SweepId = sweep, Number = entry.Number, Trial = (entry as LedgerEntry.Proposed)?.Trial ?? (entry as LedgerEntry.Finished)?.Trial, At = now,
                        Line = (rules == specification.Rules || entry is not LedgerEntry.Proposed proposed ? entry : proposed with { Reason = reasons[proposed.Trial % reasons.Count] }).ToLine(),
                    }));
                    return 0;
                },
                cancellation);
            known += count;
        }
    }

    /// <summary>The oldest queued run of the sweep is completed with an evaluation.</summary>
    public static Task<int> FinishOneAsync(TrackingDatabase database, long sweep, CancellationToken cancellation) => database.WriteAsync(
        async context =>
        {
            var entity = await context.Sweeps.SingleAsync(candidate => candidate.Id == sweep, cancellation);
            var next = await Sql.NumberAsync(context, "SELECT MIN(trial) FROM runs WHERE sweep_id = @sweep AND state = 'Queued'", cancellation, ("@sweep", sweep))
                ?? throw new BenchmarkException("The search has no run left to finish.");
            await FinishAsync(context, entity, DateTimeOffset.UtcNow.UtcTicks, Value, (int)next + 1, cancellation);
            return 0;
        },
        cancellation);

    /// <summary>Better the later, with noise; the same for the same trial.</summary>
    private static double Value(int trial) => 100 * BulkFill.Value(trial, 1, trial);

    private static async Task FinishAsync(CatchUpContext context, SweepEntity sweep, long now, Func<int, double> value, int before, CancellationToken cancellation)
    {
        var runs = await Sql.ListAsync(
            context, "SELECT id, trial, steps FROM runs WHERE sweep_id = @sweep AND state = 'Queued' AND trial < @before", row => (Id: row.GetInt64(0), Trial: row.GetInt32(1), Steps: row.GetInt32(2)), cancellation,
            ("@sweep", sweep.Id), ("@before", before));
        context.Evaluations.AddRange(runs.Select(run => new EvaluationEntity
        {
            RunId = run.Id, Step = run.Steps, SnapshotSha256 = "", Solver = sweep.ObjectiveSolver!, Nfe = sweep.ObjectiveNfe!.Value, Head = sweep.ObjectiveHead!.Value, Metric = sweep.ObjectiveMetric!,
            Extractor = "synthetic", ExtractorSha256 = "", Reference = "synthetic", ReferenceSha256 = "", Samples = 500, Quantisation = "", Fingerprint = "synthetic", Value = value(run.Trial), At = now,
        }));
        await context.SaveChangesAsync(cancellation);
        await Sql.ExecuteAsync(
            context,
            """
            UPDATE runs SET state = 'Completed', attempt = 1, step = steps, ended_at = @now, updated_at = @now,
              best_evaluation_id = (SELECT e.id FROM evaluations e WHERE e.run_id = runs.id), best_value = (SELECT e.value FROM evaluations e WHERE e.run_id = runs.id)
            WHERE sweep_id = @sweep AND state = 'Queued' AND trial < @before
            """,
            cancellation, ("@now", now), ("@sweep", sweep.Id), ("@before", before));
    }
}
