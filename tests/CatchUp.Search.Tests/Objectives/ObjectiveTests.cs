using CatchUp.Search.Objectives;
using CsCheck;

namespace CatchUp.Search.Tests.Objectives;

public sealed class ObjectiveTests
{
    [Fact]
    public void Area_counts_each_doubling_alike()
    {
        Assert.Equal(15, ObjectiveCurve.Area([(1, 20), (2, 10)]));
        Assert.Equal((15 + 10 + 10) / 3.0, ObjectiveCurve.Area([(8, 10), (1, 20), (2, 10)]), 1e-12);
        Assert.Equal(7, ObjectiveCurve.Area([(4, 7)]));
        Assert.Throws<ArgumentException>(() => ObjectiveCurve.Area([]));
        Assert.Throws<ArgumentException>(() => ObjectiveCurve.Area([(2, 1), (2, 3)]));
        Assert.Throws<ArgumentException>(() => ObjectiveCurve.Area([(0, 1)]));
    }

    [Fact]
    public void Best_and_point_of_a_curve()
    {
        Assert.Equal(3, ObjectiveCurve.Best([5, double.NaN, 3], Goal.Minimize));
        Assert.Equal(5, ObjectiveCurve.Best([5, double.NaN, 3], Goal.Maximize));
        Assert.True(double.IsNaN(ObjectiveCurve.Best([double.NaN], Goal.Minimize)));
        Assert.Equal(9, ObjectiveCurve.At([(1, 20), (4, 9)], 4));
        Assert.True(double.IsNaN(ObjectiveCurve.At([(1, 20), (4, 9)], 2)));
    }

    [Fact]
    public void Front_is_what_no_point_dominates() => Gen.Double[0, 1].Array[3].Array[1, 40].Sample(points =>
    {
        var front = ParetoFront.First(points).ToHashSet();
        return Enumerable.Range(0, points.Length).All(index => front.Contains(index) == !points.Any(other => ParetoFront.Dominates(other, points[index])));
    });

    [Fact]
    public void Front_keeps_equal_points_and_leaves_out_what_is_not_finite()
    {
        double[][] points = [[2, 1], [1, 2], [double.NaN, 0], [2, 1], [2, 2], [0, double.PositiveInfinity], [double.NegativeInfinity, 5]];
        Assert.Equal([1, 0, 3], ParetoFront.Of(points));
        Assert.Empty(ParetoFront.Of([[double.NaN]]));
        Assert.Equal([1, 2], ParetoFront.Of([[3], [1], [1]]));
    }

    [Fact]
    public void Best_points_are_taken_front_by_front() => Gen.Select(Gen.Int[0, 9].Array[2].Array[1, 30], Gen.Int[1, 30]).Sample((cells, count) =>
    {
        var points = cells.Select(cell => cell.Select(value => (double)value).ToArray()).ToArray();
        var best = ParetoFront.Best(points, count);
        // Nothing left out dominates anything taken.
        return best.Count == Math.Min(count, points.Length) && best.Distinct().Count() == best.Count
            && Enumerable.Range(0, points.Length).Except(best).All(left => !best.Any(taken => ParetoFront.Dominates(points[left], points[taken])));
    });

    [Fact]
    public void Hypervolume_is_that_of_the_boxes_counted() => Gen.Int[0, 6].Array[3].Array[1, 8].Sample(cells =>
    {
        var counted = 0;
        for (var cell = 0; cell < 216; cell++)
        {
            int[] at = [cell % 6, cell / 6 % 6, cell / 36];
            counted += cells.Any(point => point.Zip(at).All(pair => pair.First <= pair.Second)) ? 1 : 0;
        }

        return Math.Abs(counted - Hypervolume.Of([.. cells.Select(cell => cell.Select(value => (double)value).ToArray())], [6, 6, 6])) < 1e-9;
    });

    [Fact]
    public void Ends_of_a_front_and_lonely_points_add_most()
    {
        var contributions = Hypervolume.Contributions([[0, 1], [0.49, 0.51], [0.5, 0.5], [0.51, 0.49], [1, 0]]);
        Assert.True(contributions[0] > contributions[2] && contributions[4] > contributions[2]);
        Assert.Equal(0, Hypervolume.Contributions([[0, 1], [1, double.PositiveInfinity]])[1]);
    }
}
