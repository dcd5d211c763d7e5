using CatchUp.Dashboard.Samples;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Dashboard.Tests.Samples;

public sealed class ParameterSlidersTests
{
    private static readonly SweptNumber Rate = new("optimizer.learningRate", 1e-4, 1e-2, Whole: false, Logarithmic: true);
    private static readonly SweptNumber Decay = new("ema.decay", 0.9, 1, Whole: false, Logarithmic: false);

    [Fact]
    public void Grid_is_picked_exactly()
    {
        var sliders = new ParameterSliders(
            [Run(1, 0, ("a.order", "rk12"), ("b.rate", "0.001")), Run(2, 0, ("a.order", "rk12"), ("b.rate", "0.01")), Run(3, 0, ("a.order", "rk23"), ("b.rate", "0.001")), Run(4, 0, ("a.order", "rk23"), ("b.rate", "0.01"))], []);

        var picked = sliders.Pick(new Dictionary<string, string> { ["a.order"] = "rk23", ["b.rate"] = "0.01" })!;

        Assert.Equal((4, 0), (picked.Run.Id, picked.Distance));
        Assert.Empty(picked.Differences);
        Assert.Equal(["order", "rate"], sliders.All.Select(slider => slider.Name));
    }

    [Fact]
    public void Random_search_picks_the_nearest_on_the_scale_of_its_space_and_says_how_far()
    {
        // 0.001 is half-way on the logarithmic scale; by differences 0.0005 would be far nearer to 0.0001.
        var sliders = new ParameterSliders([Run(1, 0, (Rate.Key, "0.0001"), (Decay.Key, "0.95")), Run(2, 0, (Rate.Key, "0.001"), (Decay.Key, "0.95")), Run(3, 0, (Rate.Key, "0.001"), (Decay.Key, "0.99"))], [Rate, Decay]);

        var picked = sliders.Pick(new Dictionary<string, string> { [Rate.Key] = "0.0005", [Decay.Key] = "0.96" })!;

        Assert.Equal(2, picked.Run.Id);
        var expected = Math.Sqrt(Math.Pow((Math.Log(0.001) - Math.Log(0.0005)) / Math.Log(100), 2) + Math.Pow(0.1, 2));
        Assert.Equal(expected, picked.Distance, 1e-9);
        Assert.Equal(["learningRate 0.001 instead of 0.0005", "decay 0.95 instead of 0.96"], picked.Differences);
    }

    [Fact]
    public void Key_that_a_run_does_not_have_is_not_compared()
    {
        var sliders = new ParameterSliders([Run(1, 0, ("kind", "catch-up"), ("order", "rk12")), Run(2, 0, ("kind", "catch-up"), ("order", "rk23")), Run(3, 0, ("kind", "rectified-flow"))], []);

        Assert.Equal((3, 0), Pick("rectified-flow", "rk23"));
        Assert.Equal((2, 0), Pick("catch-up", "rk23"));

        (long, double) Pick(string kind, string order) => sliders.Pick(new Dictionary<string, string> { ["kind"] = kind, ["order"] = order }) is var picked ? (picked!.Run.Id, picked.Distance) : default;
    }

    [Fact]
    public void Replicates_are_one_place_and_any_of_them_can_be_taken()
    {
        var sliders = new ParameterSliders([Run(1, 0, ("order", "rk12")), Run(2, 1, ("order", "rk12")), Run(3, 0, ("order", "rk23"))], []);

        var picked = sliders.Pick(new Dictionary<string, string>(), replicate: 1)!;

        Assert.Equal((2, 0), (picked.Run.Id, picked.Distance));
        Assert.Equal([1L, 2], picked.Replicates.Select(run => run.Id));
    }

    [Fact]
    public void What_cannot_be_picked_falls_back_to_what_the_first_run_has()
    {
        var sliders = new ParameterSliders([Run(1, 0, ("order", "rk12")), Run(2, 0, ("order", "rk23"))], []);

        Assert.Equal(1, sliders.Pick(new Dictionary<string, string> { ["order"] = "nonsense", ["other"] = "x" })!.Run.Id);
        Assert.Null(new ParameterSliders([], []).Pick(new Dictionary<string, string>()));
    }

    [Fact]
    public void Slider_of_a_range_has_short_numbers_over_all_of_it()
    {
        var slider = new ParameterSlider(Rate.Key, "learningRate", Rate, ["0.000123456"]);

        Assert.Equal(("0.0001", "0.01"), (slider.Places[0].Replace("1E-04", "0.0001", StringComparison.Ordinal), slider.Places[^1]));
        Assert.InRange(slider.Places.Count, 90, 101);
        Assert.Equal("0.001", slider.Places[slider.IndexOf("0.001")]);
        Assert.True(slider.IsOrdered);
    }

    private static SampledRun Run(long id, int replicate, params (string Key, string Value)[] parameters) => new(id, $"run-{id}", replicate, parameters.ToDictionary(pair => pair.Key, pair => pair.Value));
}
