using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CatchUp.Dashboard.Charts;
using CatchUp.Tracking.Metrics;
using CsCheck;

namespace CatchUp.Dashboard.Tests.Charts;

public sealed partial class SvgChartTests
{
    [Fact]
    public void Every_extreme_lies_within_the_drawn_band() => Gen.Select(Gen.Double[-1e6, 1e6].Array[2, 40], Gen.Bool).Sample((values, positive) =>
    {
        values = positive ? [.. values.Select(value => Math.Abs(value) + 1e-3)] : values;
        var buckets = values.Chunk(2).Select((pair, index) => new CurveBucket((index * 16) + 15, index * 16, (index * 16) + 15, pair.Min(), pair.Max(), pair[^1], pair.Length, 0)).ToList();
        if (buckets.Count < 2)
        {
            return;
        }

        var svg = Parse(SvgChart.Curves([Curve("1", "run", new SeriesStyle(0, 0), buckets, 16)], new ChartView(Log: positive), "step", "loss", "loss"));
        var points = Numbers().Matches(Assert.Single(Of(svg, "band")).Attribute("d")!.Value).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture)).Chunk(2).ToList();

        Assert.Equal(4 * buckets.Count, points.Count);
        var (low, high) = SvgAxis.Range(values.Min(), values.Max(), positive);
        var axis = new SvgAxis(low, high, positive, SvgChart.Height - 44, 12);
        for (var i = 0; i < buckets.Count; i++)
        {
            // Forth along the maxima, back along the minima, from the beginning of each bucket to its end.
            Assert.All(points[(2 * i)..((2 * i) + 2)], point => Assert.Equal(axis.At(buckets[i].High!.Value), point[1], 0.01));
            Assert.All(points[^((2 * i) + 2)..^(2 * i)], point => Assert.Equal(axis.At(buckets[i].Low!.Value), point[1], 0.01));
        }
    }, iter: 200);

    [Fact]
    public void A_gap_a_cross_and_a_lonely_point_are_drawn_where_values_are_not_finite()
    {
        List<CurveBucket> buckets = [Point(1, 3), Point(2, 2), Nothing(3), Point(4, 1), Nothing(5)];

        var svg = Parse(SvgChart.Curves([Curve("1", "run", new SeriesStyle(2, 1), buckets)], ChartView.Whole, "step", "loss", "loss"));

        Assert.Equal(1, Assert.Single(Of(svg, "line")).Attribute("d")!.Value.Count(letter => letter == 'M'));
        Assert.Single(svg.Descendants(svg.Name.Namespace + "circle"));
        Assert.Equal(2, Of(svg, "not-finite").Count);
        Assert.Equal("7 4", Of(svg, "line")[0].Attribute("stroke-dasharray")!.Value);
        Assert.Empty(Of(svg, "band"));
        Assert.Single(Of(svg, "s2"));
    }

    [Fact]
    public void A_part_is_drawn_over_its_own_range_and_smoothing_keeps_the_values_faint()
    {
        List<CurveBucket> buckets = [.. Enumerable.Range(0, 100).Select(step => Point(step, step < 50 ? 1000 : 1))];

        var svg = Parse(SvgChart.Curves([Curve("1", "run", new SeriesStyle(0, 0), buckets)], new ChartView(From: 60, To: 90, Smoothing: 10), "step", "loss", "loss"));

        Assert.Equal(2, Of(svg, "line").Count);
        Assert.Equal("0.3", Of(svg, "line")[0].Attribute("stroke-opacity")!.Value);
        Assert.DoesNotContain("1000", Of(svg, "tick").Select(tick => tick.Value));
        Assert.Contains("60", Of(svg, "tick").Select(tick => tick.Value));
    }

    [Fact]
    public void Labels_at_the_line_ends_do_not_lie_on_each_other_and_many_lines_have_none()
    {
        List<ChartSeries> Series(int count) => [.. Enumerable.Range(0, count).Select(i => Curve($"{i}", $"run {i}", SeriesPalette.At(i), [Point(1, 1), Point(2, 2 + (i * 1e-3))]))];

        var ends = Of(Parse(SvgChart.Curves(Series(8), ChartView.Whole, "step", "loss", "loss")), "end").Select(end => double.Parse(end.Attribute("y")!.Value, CultureInfo.InvariantCulture)).Order().ToList();

        Assert.Equal(8, ends.Count);
        Assert.All(ends.Zip(ends.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 13.9));
        Assert.InRange(ends[0], 0, SvgChart.Height);
        Assert.InRange(ends[^1], 0, SvgChart.Height);
        Assert.Empty(Of(Parse(SvgChart.Curves(Series(SvgChart.MostLabels + 1), ChartView.Whole, "step", "loss", "loss")), "end"));
    }

    [Fact]
    public void Intervals_and_points_over_NFE_are_drawn_and_what_is_not_finite_is_left_out()
    {
        var line = new FidLine("1", "run", new SeriesStyle(0, 0), [new(1, 30, 29, 31, 300), new(2, double.NaN, null, null, 300), new(4, 12, null, null, 300)]);

        var svg = Parse(SvgChart.OverNfe([line], log: false, "FID", "FID over NFE"));

        Assert.Single(Of(svg, "interval"));
        Assert.Equal(2, Of(svg, "point").Count);
        Assert.Equal(["1", "4"], Of(svg, "tick").Where(tick => tick.Attribute("text-anchor")?.Value == "middle" && tick.Attribute("transform") is null).Select(tick => tick.Value).Where(text => text.Length == 1));
        Assert.Contains("NFE (network evaluations per image)", svg.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Names_stay_names_and_nothing_at_all_can_be_drawn(bool log)
    {
        const string Hostile = "</text><script>x</script>\"&";
        var named = Parse(SvgChart.Curves([Curve("1", Hostile, default, [Point(1, 1)]), Curve("2", "b", default, [Point(1, 1)])], new ChartView(Log: log), Hostile, Hostile, Hostile));
        Assert.Equal(Hostile, Of(named, "end").Select(end => end.Value).First(text => text != "b"));
        Assert.DoesNotContain(named.Descendants(), element => element.Name.LocalName == "script");

        Parse(SvgChart.Curves([], new ChartView(Log: log), "step", "loss", "loss"));
        Parse(SvgChart.OverNfe([], log, "FID", "FID"));
        Parse(SvgChart.Curves([Curve("1", "a", default, [Nothing(1)])], new ChartView(Log: log), "step", "loss", "loss"));
        Parse(SvgChart.Curves([Curve("1", "a", default, [Point(1, -1), Point(2, 0)])], new ChartView(Log: log), "step", "loss", "loss"));
    }

    [Fact]
    public void Axes_have_ticks_within_them_whatever_they_span() => Gen.Select(Gen.Double[-1e9, 1e9], Gen.Double[1e-6, 1e9], Gen.Bool).Sample((from, span, log) =>
    {
        var low = log ? Math.Abs(from) + 1e-9 : from;
        var (first, last) = SvgAxis.Range(low, low + span, log);
        var ticks = new SvgAxis(first, last, log, 0, 100).Ticks(5);
        Assert.InRange(ticks.Count, 1, 20);
        Assert.Equal(ticks.Distinct().Order(), ticks);
    }, iter: 2000);

    private static ChartSeries Curve(string key, string label, SeriesStyle style, List<CurveBucket> buckets, int width = 1) => new(key, label, style, buckets, width, buckets.Count, []);

    private static CurveBucket Point(long step, double value) => new(step, step, step, value, value, value, 1, 0);

    private static CurveBucket Nothing(long step) => new(step, step, step, null, null, null, 1, 1);

    private static XElement Parse(string svg)
    {
        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", svg, StringComparison.Ordinal);
        return XElement.Parse(svg);
    }

    private static List<XElement> Of(XElement svg, string name) => [.. svg.Descendants().Where(element => element.Attribute("class")?.Value.Split(' ').Contains(name) == true)];

    [GeneratedRegex("-?[0-9.]+")]
    private static partial Regex Numbers();
}
