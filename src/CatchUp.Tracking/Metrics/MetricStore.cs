namespace CatchUp.Tracking.Metrics;

/// <summary>Reads metric curves.</summary>
public sealed class MetricStore
{
    public const int MaximumBuckets = 2000;

    public Task<IReadOnlyList<MetricSummary>> SummariesAsync(long run, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Curves between two steps (null: from the beginning, to the end), each in at most <paramref name="buckets"/> exact buckets. Unknown names are left out.</summary>
    public Task<IReadOnlyList<MetricSeries>> SeriesAsync(long run, IReadOnlyList<string> names, long? from, long? to, int buckets, CancellationToken cancellation) => throw new NotImplementedException();
}
