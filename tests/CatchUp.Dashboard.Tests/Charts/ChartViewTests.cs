using CatchUp.Dashboard.Charts;
using CatchUp.Tracking.Metrics;

namespace CatchUp.Dashboard.Tests.Charts;

public sealed class ChartViewTests
{
    [Fact]
    public void View_survives_the_address()
    {
        var view = new ChartView(100, 400, Log: true, Smoothing: 25);

        Assert.Equal("100-400.log.ema25", view.ToAddress());
        Assert.Equal(view, ChartView.Parse(view.ToAddress()));
    }

    [Theory]
    [InlineData(CurveAxis.Images, "images.100-400.log.logx.ema25")]
    [InlineData(CurveAxis.Time, "time.100-400.log.logx.ema25")]
    [InlineData(CurveAxis.Device, "device.100-400.log.logx.ema25")]
    public void Axes_survive_the_address(CurveAxis axis, string address)
    {
        var view = new ChartView(100, 400, Log: true, Smoothing: 25, Axis: axis, LogX: true);

        Assert.Equal(address, view.ToAddress());
        Assert.Equal(view, ChartView.Parse(address));
    }

    [Fact]
    public void Whole_view_needs_no_address() => Assert.Null(ChartView.Whole.ToAddress());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("400-100")]
    [InlineData("-5-10")]
    [InlineData("ema-3.lög.<script>")]
    [InlineData("1-99999999999999999999")]
    [InlineData("ema0")]
    public void Address_that_says_nothing_sensible_shows_the_whole(string? address) => Assert.Equal(ChartView.Whole, ChartView.Parse(address));
}
