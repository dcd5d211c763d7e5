using CatchUp.Contracts.Runs;
using CatchUp.Dashboard.Runs;
using CatchUp.Tracking.Filters;

namespace CatchUp.Dashboard.Tests.Runs;

public sealed class RunsAddressTests
{
    [Fact]
    public void Address_that_is_written_and_read_again_is_the_same_list()
    {
        var address = new RunsAddress { Text = "rk & <b>, 100 %", States = [RunState.Running, RunState.Failed], Sweep = 12, Project = "few step", Archived = true, Sort = RunTerm.Named("best"), Descending = false, Selected = [3, 7] };

        var read = RunsAddress.Parse("http://host/runs" + address.ToQueryString());

        Assert.Equivalent(address, read, strict: true);
    }

    [Fact]
    public void Address_of_the_list_as_it_first_is_has_no_query()
    {
        Assert.Equal("", new RunsAddress().ToQueryString());
        Assert.Equal("", RunsAddress.Parse("http://host/sweeps/1", newestFirst: false).ToQueryString());
        Assert.False(RunsAddress.Parse("http://host/sweeps/1", newestFirst: false).Descending);
    }

    [Fact]
    public void Address_leaves_out_what_cannot_be_read()
    {
        var read = RunsAddress.Parse("http://host/runs?state=running,nonsense,99&sweep=abc&sort=-colour&selected=1,x,-2,3,3&q=%20");

        Assert.Equivalent(new RunsAddress { States = [RunState.Running], Selected = [1, 3] }, read, strict: true);
    }

    [Fact]
    public void Sorting_by_the_same_column_again_turns_the_order_round()
    {
        var once = new RunsAddress().SortedBy(RunTerm.Named("loss"));
        var twice = once.SortedBy(RunTerm.Named("loss"));

        Assert.False(once.Descending);
        Assert.True(twice.Descending);
    }
}
