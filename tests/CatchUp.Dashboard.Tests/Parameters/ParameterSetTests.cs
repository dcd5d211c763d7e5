using CatchUp.Dashboard.Parameters;
using CatchUp.Tracking.Parameters;

namespace CatchUp.Dashboard.Tests.Parameters;

public sealed class ParameterSetTests
{
    [Fact]
    public void Runs_measured_otherwise_or_not_at_all_are_left_out_and_counted()
    {
        var table = Made.Table(
            "fid[nfe=4]",
            [(30, "a"), (null, null), (12, "a"), (1, "b"), (20, "a"), (2, "c"), (3, "b")],
            Made.Numbers("training.batchSize", 32, 64, 128, 256, 32, 1, 2),
            Made.Words("objective.order", "rk12", "rk34", "rk12", "rk23", "rk12", "rk12", "rk12"));

        var set = ParameterSet.Of(table);

        Assert.Equal([1L, 3, 5], set.Runs.Select(run => run.Id));
        Assert.Equal("measured by a", set.Protocol);
        Assert.Equal(1, set.Without);
        Assert.Equal([("measured by b", 2), ("measured by c", 1)], set.Unlike);

        // Only those that were left out differ in the order.
        Assert.Equal("training.batchSize", Assert.Single(set.Axes).Id);
        Assert.Equal([32.0, 128, 32], set.Axes[0].Places);
        Assert.Equal([30.0, 12, 20], set.Value.Places);
        Assert.Equal([1, 2, 0], set.BestFirst);
    }

    [Fact]
    public void The_largest_is_the_best_where_more_is_better()
    {
        var numbers = new (double?, string?)[] { (0.3, "a"), (0.9, "a"), (0.5, "a") };

        Assert.Equal([1, 2, 0], ParameterSet.Of(Made.Table("recall[nfe=4]", numbers, Made.Numbers("training.batchSize", 1, 2, 3))).BestFirst);
        Assert.Equal([0, 2, 1], ParameterSet.Of(Made.Table("fid[nfe=4]", numbers, Made.Numbers("training.batchSize", 1, 2, 3))).BestFirst);
    }

    [Theory]
    [InlineData("", new[] { 1, 3, 2, 0 })]
    [InlineData("training.batchSize:64..128", new[] { 1, 2 })]
    [InlineData("training.batchSize:..64", new[] { 1, 0 })]
    [InlineData("objective.order:rk12,none", new[] { 3, 0 })]
    [InlineData("objective.order:rk12;training.batchSize:100..", new int[0])]
    [InlineData("value:12..20", new[] { 3, 2 })]
    [InlineData("network.channels:1..2", new[] { 1, 3, 2, 0 })]
    [InlineData("objective.order:0..3", new int[0])]
    public void What_is_chosen_meets_every_part_the_best_first(string brush, int[] expected)
    {
        var set = ParameterSet.Of(Made.Table(
            "fid[nfe=4]",
            [(30, "a"), (10, "a"), (20, "a"), (12, "a")],
            Made.Numbers("training.batchSize", 32, 64, 128, 256),
            Made.Words("objective.order", "rk12", "rk23", "rk34", null)));

        Assert.Equal(expected, set.Chosen(ParameterBrush.Parse(brush)));
    }

    [Fact]
    public void The_bytes_are_all_places_axis_by_axis_and_the_version_follows_the_data()
    {
        var table = Made.Table("loss", [(3, null), (double.NaN, null), (1, null)], Made.Numbers("training.batchSize", 32, 64, double.NaN), Made.Words("objective.order", "rk34", "rk12", "rk12"));

        var set = ParameterSet.Of(table);

        Assert.Equal([1L, 3], set.Runs.Select(run => run.Id));
        Assert.Equal(1, set.Without);
        var numbers = Enumerable.Range(0, set.Bytes.Length / 8).Select(at => BitConverter.ToDouble(set.Bytes, 8 * at)).ToArray();
        Assert.Equal(set.All.SelectMany(axis => axis.Places), numbers);
        Assert.Equal(["objective.order", "training.batchSize", "value"], set.All.Select(axis => axis.Id).Order(StringComparer.Ordinal));
        Assert.Equal(set.Version, ParameterSet.Of(table).Version);
        Assert.NotEqual(set.Version, ParameterSet.Of(table with { Runs = [.. table.Runs.Take(1), table.Runs[2] with { Values = [new MeasuredNumber(2, null, null, null)] }], Keys = [] }).Version);
    }

    [Fact]
    public void The_usual_axes_are_those_that_vary_most_in_the_specification_s_order()
    {
        var set = ParameterSet.Of(Made.Table(
            "loss",
            [(1, null), (2, null), (3, null), (4, null)],
            Made.Numbers("training.batchSize", 1, 1, 1, 2),
            Made.Words("objective.order", "rk12", "rk12", "rk23", "rk23"),
            Made.Numbers("optimizer.learningRate", 1, 2, 3, 4)));

        Assert.Equal(["objective.order", "optimizer.learningRate"], set.UsualAxes(2).Select(axis => axis.Id));
    }

    [Fact]
    public void Runs_without_a_number_make_an_empty_set()
    {
        var set = ParameterSet.Of(Made.Table("loss", [(null, null)], Made.Numbers("training.batchSize", 1)));

        Assert.Equal((0, 0, 1, 0), (set.Runs.Count, set.Axes.Count, set.Without, set.Bytes.Length));
        Assert.Empty(set.Chosen(ParameterBrush.Parse("training.batchSize:1..2")));
    }
}
