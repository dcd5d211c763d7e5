using System.Runtime.InteropServices;
using CatchUp.Dashboard.Charts;
using CatchUp.Tracking.Metrics;

namespace CatchUp.Dashboard.Tests.Charts;

public sealed class SeriesBytesTests
{
    [Fact]
    public void Buckets_become_five_numbers_each()
    {
        var bytes = SeriesBytes.Write([([new MetricBucket(10, 1, 3, 1.5, 2, 4, 0), new MetricBucket(20, null, null, null, null, 2, 2)], 0)]);

        Assert.Equal([10, 1, 3, 2, 0, 20, double.NaN, double.NaN, double.NaN, 2], MemoryMarshal.Cast<byte, double>(bytes).ToArray());
    }

    [Fact]
    public void Only_what_the_browser_lacks_is_sent()
    {
        MetricBucket[] old = [Point(1, 0.5), Point(2, 0.4), Point(3, 0.3)];
        // The last bucket was still growing.
        MetricBucket[] now = [Point(1, 0.5), Point(2, 0.4), Point(3, 0.2), Point(4, 0.1)];

        var known = SeriesBytes.CommonPrefix(old, now);

        Assert.Equal(2, known);
        Assert.Equal([3, 4], MemoryMarshal.Cast<byte, double>(SeriesBytes.Write([(now, known)])).ToArray().Where((_, index) => index % SeriesBytes.Columns == 0));
    }

    private static MetricBucket Point(long step, double value) => new(step, value, value, value, value, 1, 0);
}
