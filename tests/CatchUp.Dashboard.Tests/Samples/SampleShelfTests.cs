using CatchUp.Dashboard.Samples;
using CatchUp.Tracking.Samples;
using Microsoft.AspNetCore.WebUtilities;

namespace CatchUp.Dashboard.Tests.Samples;

public sealed class SampleShelfTests
{
    private static readonly IReadOnlyList<SampleGrid> Grids =
    [
        Grid(1, 1, 50, 4), Grid(2, 1, 100, 4), Grid(3, 1, 100, 8), Grid(4, 2, 50, 4), Grid(5, 2, 50, 8),
    ];

    [Fact]
    public void First_choice_is_the_last_step_at_the_largest_nfe()
    {
        var shelf = new SampleShelf(Grids, new SampleChoice());

        Assert.Equal((100, 8), (shelf.Step, shelf.Nfe));
        Assert.Equal(3, shelf.Of(1)!.Id);
    }

    [Fact]
    public void Run_behind_the_others_shows_its_last_grid_before_the_step()
    {
        var shelf = new SampleShelf(Grids, new SampleChoice(Step: 100, Nfe: 4));

        Assert.Equal([50, 100], shelf.Steps);
        Assert.Equal((2, 4), (shelf.Of(1)!.Id, shelf.Of(2)!.Id));
    }

    [Fact]
    public void Step_between_grids_shows_the_one_before()
    {
        var shelf = new SampleShelf(Grids, new SampleChoice(Step: 99, Nfe: 4));

        Assert.Equal((50, 0), (shelf.Step, shelf.StepIndex));
    }

    [Fact]
    public void Choice_that_does_not_exist_falls_back()
    {
        var shelf = new SampleShelf(Grids, SampleChoice.Parse("/runs/1?step=-1&nfe=77&head=9&solver=heun&zoom=1000"));

        Assert.Equal(("euler", 1, 8, 100), (shelf.Solver, shelf.Head, shelf.Nfe, shelf.Step));
    }

    [Fact]
    public void Empty_shelf_has_nothing()
    {
        var shelf = new SampleShelf([], new SampleChoice());

        Assert.Empty(shelf.Steps);
        Assert.Null(shelf.Of(1));
    }

    [Fact]
    public void Choice_survives_the_address()
    {
        var query = new SampleChoice(100, 4, 2, "euler", 3).ToQuery();

        Assert.Equal(new SampleChoice(100, 4, 2, "euler", 3), SampleChoice.Parse(QueryHelpers.AddQueryString("/runs/1", query.ToDictionary(pair => pair.Key, pair => (string?)pair.Value))));
        Assert.All(new SampleChoice().ToQuery().Values, Assert.Null);
    }

    private static SampleGrid Grid(long id, long run, int step, int nfe) => new(id, run, step, "euler", nfe, 1, 1, 6, 6, 28, 28, new string('a', 64), DateTimeOffset.UnixEpoch);
}
