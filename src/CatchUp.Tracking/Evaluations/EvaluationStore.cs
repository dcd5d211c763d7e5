using CatchUp.Tracking.Database;
using CatchUp.Tracking.Metrics;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Evaluations;

public sealed class EvaluationStore
{
    private readonly TrackingDatabase _database;

    internal EvaluationStore(TrackingDatabase database) => _database = database;

    /// <summary>The run's evaluations, those at gates with them, by step, solver, NFE, head and metric.</summary>
    public Task<IReadOnlyList<Evaluation>> ListAsync(long run, CancellationToken cancellation) => ListAsync([run], cancellation);

    /// <summary>The evaluations of several runs, or of a whole sweep: run by run, each as above.</summary>
    public Task<IReadOnlyList<Evaluation>> ListAsync(IReadOnlyList<long> runs, CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<Evaluation>>(
        async context =>
        {
            // A database takes only so many values in one question.
            var evaluations = new List<Evaluation>();
            foreach (var chunk in runs.Distinct().Order().Chunk(1000))
            {
                var entities = await context.Evaluations
                    .Where(e => chunk.Contains(e.RunId))
                    .OrderBy(e => e.RunId).ThenBy(e => e.Step).ThenBy(e => e.Solver).ThenBy(e => e.Nfe).ThenBy(e => e.Head).ThenBy(e => e.Metric).ThenBy(e => e.Id)
                    .ToListAsync(cancellation);
                evaluations.AddRange(entities.Select(From));
            }

            return evaluations;
        },
        cancellation);

    internal static Evaluation From(EvaluationEntity entity) => new()
    {
        Id = entity.Id,
        RunId = entity.RunId,
        Step = entity.Step,
        Solver = entity.Solver,
        Nfe = entity.Nfe,
        Head = entity.Head,
        Metric = entity.Metric,
        Extractor = entity.Extractor,
        ExtractorSha256 = entity.ExtractorSha256,
        Reference = entity.Reference,
        ReferenceSha256 = entity.ReferenceSha256,
        Samples = entity.Samples,
        Gate = entity.Gate,
        NoiseBank = entity.NoiseBank,
        Quantisation = entity.Quantisation,
        Fingerprint = entity.Fingerprint,
        Value = Point.ValueOf(entity.Value, entity.Kind),
        Low = entity.Low,
        High = entity.High,
        SampleSeconds = entity.SampleSeconds,
        EvaluateSeconds = entity.EvaluateSeconds,
        At = new DateTimeOffset(entity.At, TimeSpan.Zero),
    };
}
