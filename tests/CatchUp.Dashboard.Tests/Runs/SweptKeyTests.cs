using CatchUp.Dashboard.Runs;

namespace CatchUp.Dashboard.Tests.Runs;

public sealed class SweptKeyTests
{
    [Fact]
    public void Short_name_takes_as_many_parts_as_tell_it_from_the_others()
    {
        string[] keys = ["network.kind", "objective.kind", "optimizer.learningRate"];

        Assert.Equal(["network.kind", "objective.kind", "learningRate"], keys.Select(key => SweptKey.ShortNameOf(key, keys)));
    }

    [Fact]
    public void Value_of_a_mapping_is_made_of_the_values_below_it()
    {
        var parameters = new Dictionary<string, string> { ["objective.kind"] = "catch-up", ["objective.order"] = "rk12", ["objectives"] = "no" };

        Assert.Equal("catch-up · rk12", SweptKey.ValueOf(parameters, "objective"));
        Assert.Equal("", SweptKey.ValueOf(parameters, "data.dataset"));
    }
}
