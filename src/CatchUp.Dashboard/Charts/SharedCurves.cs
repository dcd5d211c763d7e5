using System.Collections.Concurrent;
using System.Globalization;
using CatchUp.Tracking;
using CatchUp.Tracking.Metrics;

namespace CatchUp.Dashboard.Charts;

/// <summary>Reads curves once for all charts that draw the same ones: a point's news reaches all of them at the same moment.</summary>
internal sealed class SharedCurves(MetricStore metrics)
{
    /// <summary>Beyond so many different questions it forgets which there were; whoever waits still gets an answer.</summary>
    private const int MostQuestions = 1000;

    private readonly ConcurrentDictionary<string, SharedRead<IReadOnlyList<Curve>>> _reads = new(StringComparer.Ordinal);

    public Task<IReadOnlyList<Curve>> ReadAsync(CurveQuestion question, CancellationToken cancellation)
    {
        if (_reads.Count >= MostQuestions)
        {
            _reads.Clear();
        }

        return _reads.GetOrAdd(Words(question), _ => new(() => metrics.CurvesAsync(question, CancellationToken.None))).ReadAsync(cancellation);
    }

    private static string Words(CurveQuestion question) => string.Create(
        CultureInfo.InvariantCulture,
        $"{question.Axis} {question.From:R} {question.To:R} {question.Buckets} {string.Join(';', question.Sets.Select(set => string.Join(',', set)))} {question.Metric}");
}
