using CatchUp.Tracking.Database;
using CatchUp.Tracking.Metrics;

namespace CatchUp.Tracking.Reproductions;

/// <summary>Compares the curves of two runs point by point.</summary>
internal static class PointComparison
{
    /// <summary>What a trainer measures of its own speed is another each time.</summary>
    private const string SpeedPrefix = "throughput/";

    /// <param name="reach">The step up to which both runs have what they should.</param>
    public static async Task<ComparedPoints> CompareAsync(CatchUpContext context, long original, long reproduction, long reach, CancellationToken cancellation)
    {
        var metrics = await Sql.ListAsync(
            context, "SELECT DISTINCT m.name, m.id FROM buckets b JOIN metrics m ON m.id = b.metric_id WHERE b.run_id IN (@original, @reproduction) AND b.level = @level",
            row => (Name: row.GetString(0), Id: row.GetInt32(1)), cancellation, ("@original", original), ("@reproduction", reproduction), ("@level", Rollup.Levels));
        var compared = new List<ComparedMetric>();
        foreach (var (name, id) in metrics.Where(metric => !MetricName.IsSystem(metric.Name) && !metric.Name.StartsWith(SpeedPrefix, StringComparison.Ordinal)))
        {
            compared.Add(await CompareAsync(name, new PointCursor(context, original, id, reach), new PointCursor(context, reproduction, id, reach), cancellation));
        }

        return new ComparedPoints
        {
            Identical = compared.Sum(metric => metric.Identical),
            Different = compared.Sum(metric => metric.Different),
            Missing = compared.Sum(metric => metric.OnlyOriginal + metric.OnlyReproduction),
            Metrics = [.. compared.OrderBy(metric => metric.IsSame).ThenBy(metric => metric.Name != MetricName.Loss).ThenBy(metric => metric.Name, StringComparer.Ordinal).Take(Certificate.MostListed)],
            MoreMetrics = Math.Max(0, compared.Count - Certificate.MostListed),
        };
    }

    private static async Task<ComparedMetric> CompareAsync(string name, PointCursor original, PointCursor reproduction, CancellationToken cancellation)
    {
        long identical = 0, different = 0, onlyOriginal = 0, onlyReproduction = 0, noDistance = 0;
        long? first = null;
        (double Value, long Step)? absolute = null, relative = null;
        await original.MoveAsync(cancellation);
        await reproduction.MoveAsync(cancellation);
        while (original.Current is not null || reproduction.Current is not null)
        {
            var (left, right) = (original.Current, reproduction.Current);
            if (right is null || left?.Step < right.Value.Step)
            {
                onlyOriginal++;
                first ??= left!.Value.Step;
                await original.MoveAsync(cancellation);
                continue;
            }

            if (left is null || right.Value.Step < left.Value.Step)
            {
                onlyReproduction++;
                first ??= right.Value.Step;
                await reproduction.MoveAsync(cancellation);
                continue;
            }

            var (step, a, b) = (left.Value.Step, left.Value.Value, right.Value.Value);
            if (AreSame(a, b))
            {
                identical++;
            }
            else
            {
                different++;
                first ??= step;
                if (double.IsFinite(a) && double.IsFinite(b))
                {
                    var (distance, share) = Distances(a, b);
                    absolute = absolute is { } far && far.Value >= distance ? absolute : (distance, step);
                    relative = relative is { } wide && wide.Value >= share ? relative : (share, step);
                }
                else
                {
                    noDistance++;
                }
            }

            await original.MoveAsync(cancellation);
            await reproduction.MoveAsync(cancellation);
        }

        return new ComparedMetric
        {
            Name = name,
            Identical = identical,
            Different = different,
            OnlyOriginal = onlyOriginal,
            OnlyReproduction = onlyReproduction,
            FirstStep = first,
            LargestAbsolute = absolute?.Value,
            LargestAbsoluteStep = absolute?.Step,
            LargestRelative = relative?.Value,
            LargestRelativeStep = relative?.Step,
            NoDistance = noDistance,
        };
    }

    /// <summary>To the bit; all that is no number is one.</summary>
    public static bool AreSame(double a, double b) => (double.IsNaN(a) && double.IsNaN(b)) || BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);

    /// <summary>|a − b|, and that over the larger of |a| and |b|.</summary>
    public static (double Absolute, double Relative) Distances(double a, double b)
    {
        var (distance, size) = (Math.Abs(a - b), Math.Max(Math.Abs(a), Math.Abs(b)));
        return (distance, size == 0 ? 0 : distance / size);
    }
}
