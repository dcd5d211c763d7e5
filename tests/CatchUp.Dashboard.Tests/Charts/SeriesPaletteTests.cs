using CatchUp.Dashboard.Charts;

namespace CatchUp.Dashboard.Tests.Charts;

public sealed class SeriesPaletteTests
{
    [Fact]
    public void Order_of_runs_does_not_change_their_colours()
    {
        var one = SeriesPalette.Assign([12, 3, 20, 7]);
        var other = SeriesPalette.Assign([7, 20, 3, 12]);

        Assert.Equal(one.OrderBy(pair => pair.Key), other.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void Eight_runs_have_eight_colours()
    {
        // All of them want the same.
        var styles = SeriesPalette.Assign(Enumerable.Range(1, 8).Select(index => index * 8L));

        Assert.Equal(8, styles.Values.Select(style => style.Colour).Distinct().Count());
        Assert.All(styles.Values, style => Assert.Equal(0, style.Dash));
    }

    [Fact]
    public void Twenty_runs_all_look_different() =>
        Assert.Equal(20, SeriesPalette.Assign(Enumerable.Range(100, 20).Select(id => (long)id)).Values.Distinct().Count());

    [Fact]
    public void Run_looks_the_same_beside_neighbours_that_do_not_want_its_colour() =>
        Assert.Equal(SeriesPalette.Assign([5])[5], SeriesPalette.Assign([4, 5, 6])[5]);
}
