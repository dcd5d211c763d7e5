using CatchUp.Dashboard.Parameters;
using Microsoft.AspNetCore.WebUtilities;

namespace CatchUp.Dashboard.Tests.Parameters;

public sealed class ParametersAddressTests
{
    [Fact]
    public void An_address_comes_back_with_all_that_is_looked_at()
    {
        var state = new ParametersAddress
        {
            Measure = Made.Term("fid[heun, nfe=8, best]"), Axes = ["objective.order", "training.batchSize"], Brush = ParameterBrush.Parse("objective.order:rk23;value:..20"),
            X = "training.batchSize", Y = "metric[loss]", Colour = "objective.order", LogX = true, LogY = false, OfChosen = true,
        };

        var read = ParametersAddress.Parse(QueryHelpers.AddQueryString("/parameters?sweep=7", state.ToParameters().ToDictionary(pair => pair.Key, pair => (string?)pair.Value)));

        Assert.Equal(state with { Axes = read.Axes }, read);
        Assert.Equal(state.Axes, read.Axes);
        Assert.Equal(["metric[loss]"], read.Terms.Select(term => term.Text));
    }

    [Fact]
    public void What_cannot_be_read_is_left_out()
    {
        var read = ParametersAddress.Parse("/parameters?measure=state&keys=,,&brush=nonsense&scatter.x=nothing&scatter.xscale=cubic&importance=some");

        Assert.Null(read.Measure);
        Assert.Equal([], read.Axes);
        Assert.True(read.Brush.IsEmpty);
        Assert.Empty(read.Terms);
        Assert.Null(read.LogX);
        Assert.False(read.OfChosen);
        Assert.All(new ParametersAddress().ToParameters().Values, Assert.Null);
    }
}
