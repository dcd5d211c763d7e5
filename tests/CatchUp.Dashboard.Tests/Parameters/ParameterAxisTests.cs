using CatchUp.Dashboard.Parameters;
using CatchUp.Statistics.Importance;

namespace CatchUp.Dashboard.Tests.Parameters;

public sealed class ParameterAxisTests
{
    [Theory]
    [InlineData(false, AxisKind.Linear, 1.0, 10.0, 99.0)]
    [InlineData(false, AxisKind.Logarithmic, 1.0, 10.0, 100.0)]
    [InlineData(true, AxisKind.Logarithmic, 0.001, 0.002)]
    [InlineData(true, AxisKind.Linear, 0.0, 0.002)]
    [InlineData(false, AxisKind.Linear, 0.0, 1000.0)]
    [InlineData(true, AxisKind.Linear, 5.0, 5.0)]
    public void Numbers_over_decades_and_those_drawn_by_decades_are_logarithmic(bool drawn, AxisKind expected, params double[] values)
    {
        var axis = ParameterAxis.Of("optimizer.learningRate", "learningRate", "", [.. values.Select(value => new FeatureValue(value))], drawn);

        Assert.Equal((expected, values.Min(), values.Max()), (axis.Kind, axis.Low, axis.High));
        Assert.Equal(values, axis.Places);
    }

    [Fact]
    public void A_number_that_a_run_lacks_has_no_place()
    {
        var axis = ParameterAxis.Of("coupling.weight", "weight", "", [new(3.0), default, new(5.0)], logarithmic: false);

        Assert.Equal([3, double.NaN, 5], axis.Places);
        Assert.Equal((AxisKind.Linear, 3.0, 5.0), (axis.Kind, axis.Low, axis.High));
        Assert.Equal(["3", "–"], new[] { 3, double.NaN }.Select(axis.TextOf));
    }

    [Fact]
    public void Words_stand_in_the_specification_s_order_and_none_last()
    {
        var axis = ParameterAxis.Of("objective.order", "order", "", [new("rk34"), default, new("rk12"), new("rk23"), new("rk34")], logarithmic: false);

        Assert.Equal(AxisKind.Categories, axis.Kind);
        Assert.Equal(["rk12", "rk23", "rk34", "–"], axis.Categories);
        Assert.Equal([2, 3, 0, 1, 2], axis.Places);
        Assert.Equal(1, axis.PlaceOf(new("rk23")));
        Assert.Equal(3, axis.PlaceOf(default));
        Assert.Equal(double.NaN, axis.PlaceOf(new("never")));
    }

    [Fact]
    public void Of_too_many_words_the_rarest_share_a_place()
    {
        var axis = ParameterAxis.Of("x", "x", "", [.. Enumerable.Range(0, 100).SelectMany(word => Enumerable.Repeat(new FeatureValue($"w{word:00}"), word < 10 ? 3 : 1))], logarithmic: false);

        Assert.Equal(ParameterAxis.MostCategories, axis.Categories.Count);
        Assert.Equal("61 others", axis.Categories[^1]);
        Assert.Equal(61, axis.Places.Count(place => place == axis.Categories.Count - 1));
        Assert.Equal(3, axis.Places.Count(place => place == 0));
    }
}
