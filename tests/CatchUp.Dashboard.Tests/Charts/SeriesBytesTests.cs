using System.Runtime.InteropServices;
using CatchUp.Dashboard.Charts;
using CatchUp.Tracking.Metrics;

namespace CatchUp.Dashboard.Tests.Charts;

public sealed class SeriesBytesTests
{
    [Fact]
    public void Buckets_become_eight_numbers_each()
    {
        var bytes = SeriesBytes.Write([([new CurveBucket(10, 80, 100, 1, 3, 2, 4, 0), new CurveBucket(20, 160, 200, null, null, null, 2, 2)], 0)]);

        Assert.Equal([10, 80, 100, 1, 3, 2, 4, 0, 20, 160, 200, double.NaN, double.NaN, double.NaN, 2, 2], MemoryMarshal.Cast<byte, double>(bytes).ToArray());
    }

    [Fact]
    public void Only_what_the_browser_lacks_is_sent()
    {
        CurveBucket[] old = [Point(1, 0.5), Point(2, 0.4), Point(3, 0.3)];
        // The last bucket was still growing.
        CurveBucket[] now = [Point(1, 0.5), Point(2, 0.4), Point(3, 0.2), Point(4, 0.1)];

        var known = SeriesBytes.CommonPrefix(old, now);

        Assert.Equal(2, known);
        Assert.Equal([3, 4], MemoryMarshal.Cast<byte, double>(SeriesBytes.Write([(now, known)])).ToArray().Where((_, index) => index % SeriesBytes.Columns == 0));
    }

    private static CurveBucket Point(long step, double value) => new(step, step, step, value, value, value, 1, 0);
}
