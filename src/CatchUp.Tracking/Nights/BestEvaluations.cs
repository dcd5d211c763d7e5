using CatchUp.Tracking.Database;

namespace CatchUp.Tracking.Nights;

/// <summary>The best value of each sweep's objective, as it was at an instant.</summary>
internal static class BestEvaluations
{
    public sealed record Best(string Run, long Evaluation);

    /// <param name="until">Evaluations made before this count.</param>
    /// <param name="protocol">The fingerprint that most evaluations before this have is the one that is ranked: the same for two instants of one night.</param>
    public static async Task<Dictionary<long, Best>> AtAsync(CatchUpContext context, IReadOnlyList<long> sweeps, long until, long protocol, CancellationToken cancellation)
    {
        var found = new Dictionary<long, Best>();
        foreach (var chunk in sweeps.Chunk(200))
        {
            var (ids, parameters) = Sql.In("sweep", chunk);
            var rows = await Sql.ListAsync(
                context,
                $"""
                WITH own AS (
                  SELECT r.sweep_id, r.name, e.id, e.fingerprint, e.at, CASE WHEN s.objective_goal = 'Maximize' THEN -e.value ELSE e.value END AS cost
                  FROM sweeps s JOIN runs r ON r.sweep_id = s.id JOIN evaluations e ON e.run_id = r.id
                  WHERE s.id IN {ids} AND e.value IS NOT NULL AND e.gate = 0 AND e.at < @protocol AND e.metric = s.objective_metric AND e.nfe = s.objective_nfe
                    AND e.head = COALESCE(s.objective_head, 1) AND (s.objective_solver IS NULL OR LOWER(e.solver) = LOWER(s.objective_solver))),
                kinds AS (
                  SELECT sweep_id, fingerprint, ROW_NUMBER() OVER (PARTITION BY sweep_id ORDER BY COUNT(*) DESC, MIN(id)) AS place FROM own GROUP BY sweep_id, fingerprint),
                ranked AS (
                  SELECT own.sweep_id, own.name, own.id, ROW_NUMBER() OVER (PARTITION BY own.sweep_id ORDER BY own.cost, own.id) AS place
                  FROM own JOIN kinds ON kinds.sweep_id = own.sweep_id AND kinds.fingerprint = own.fingerprint AND kinds.place = 1 WHERE own.at < @until)
                SELECT sweep_id, name, id FROM ranked WHERE place = 1
                """,
                row => (Sweep: row.GetInt64(0), Best: new Best(row.GetString(1), row.GetInt64(2))),
                cancellation,
                [.. parameters, ("@until", until), ("@protocol", protocol)]);
            foreach (var (sweep, best) in rows)
            {
                found[sweep] = best;
            }
        }

        return found;
    }
}
