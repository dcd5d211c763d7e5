using CatchUp.Search.Methods;
using CsCheck;

namespace CatchUp.Search.Tests.Methods;

public sealed class SobolSequenceTests
{
    [Fact]
    public void Every_axis_visits_each_interval_once() => Gen.Select(Gen.Int[1, 64], Gen.Int[0, 9], Gen.Int[0, 1000], Gen.Bool).Sample((dimensions, power, seed, scrambled) =>
    {
        var count = 1 << power;
        var points = Points(dimensions, scrambled ? seed : null, count);
        return Enumerable.Range(0, dimensions).All(axis => points.Select(point => (int)(point[axis] * count)).Distinct().Count() == count);
    }, iter: 50);

    [Fact]
    public void First_two_axes_fill_every_elementary_box()
    {
        // A (0, 8, 2)-net: each box of area 2^-8 with sides of powers of two has one point.
        foreach (var seed in new int?[] { null, 1, 2 })
        {
            var points = Points(2, seed, 256);
            for (var shared = 0; shared <= 8; shared++)
            {
                Assert.Equal(256, points.Select(point => ((int)(point[0] * (1 << shared)), (int)(point[1] * (1 << (8 - shared))))).Distinct().Count());
            }
        }
    }

    [Fact]
    public void Known_first_points_are_those_of_the_sequence()
    {
        // Joe and Kuo's paper gives the second axis (x + 1, m = 1) by hand: 0, 1/2, 1/4, 3/4, 3/8, 7/8, 1/8, 5/8 in their order, ours without Gray code.
        var points = Points(2, null, 4);
        Assert.Equal([0, 0.5, 0.25, 0.75], points.Select(point => Math.Round(point[0], 6)));
        Assert.Equal([0, 0.5, 0.75, 0.25], points.Select(point => Math.Round(point[1], 6)));
    }

    [Fact]
    public void Polynomials_are_primitive_and_none_comes_twice()
    {
        var polynomials = Enumerable.Range(1, 100).Select(SobolSequence.PolynomialOf).ToList();
        Assert.Equal(polynomials.Count, polynomials.Distinct().Count());
        // Counts by degree: φ(2^s − 1)/s.
        Assert.Equal([1, 1, 2, 2, 6, 6, 18, 16], polynomials.GroupBy(pair => pair.Degree).Take(8).Select(group => group.Count()));
        Assert.Equal((3, 0b1011u), polynomials[2]);
    }

    [Fact]
    public void Neighbouring_planes_are_filled_evenly()
    {
        var worst = Enumerable.Range(1, 40).Max(axis => Enumerable.Range(Math.Max(0, axis - 4), Math.Min(4, axis)).Max(other => SobolSequence.TValue(SobolSequence.DirectionsOf(other), SobolSequence.DirectionsOf(axis), 10)));
        Assert.InRange(worst, 0, 6);
        Assert.Equal(10, SobolSequence.TValue(SobolSequence.DirectionsOf(3), SobolSequence.DirectionsOf(3), 10) + 1);
    }

    [Fact]
    public void Points_fill_the_cube_more_evenly_than_chance()
    {
        // The integral of a product of 3x² over the cube is 1.
        double Error(Func<int, double[]> point) => Math.Abs(Enumerable.Range(0, 1024).Average(index => point(index).Aggregate(1.0, (product, x) => product * 3 * x * x)) - 1);
        var sequences = Enumerable.Range(0, 9).Select(seed => Points(5, seed, 1024)).ToList();
        var sobol = TestFunction.Median([.. sequences.Select(points => Error(index => points[index]))]);
        var chance = TestFunction.Median([.. Enumerable.Range(0, 9).Select(seed => { var random = new Random(seed); return Error(_ => [.. Enumerable.Range(0, 5).Select(_ => random.NextDouble())]); })]);
        Assert.True(sobol < chance / 4, $"{sobol} against {chance}");
    }

    [Fact]
    public void Other_seeds_give_other_points_and_the_same_seed_the_same()
    {
        Assert.Equal(Points(3, 7, 8), Points(3, 7, 8));
        Assert.NotEqual(Points(3, 7, 8)[0], Points(3, 8, 8)[0]);
    }

    [Fact]
    public void Coordinates_lie_within_the_open_interval_up_to_the_last_point()
    {
        var point = new double[SobolSequence.MostDimensions];
        var sequence = new SobolSequence(SobolSequence.MostDimensions, 3);
        foreach (var index in new[] { 0L, 1, 12345, uint.MaxValue })
        {
            sequence.Point(index, point);
            Assert.All(point, x => Assert.True(x is > 0 and < 1));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => sequence.Point(1L << 32, point));
    }

    private static List<double[]> Points(int dimensions, int? seed, int count)
    {
        var sequence = new SobolSequence(dimensions, seed);
        return [.. Enumerable.Range(0, count).Select(index =>
        {
            var point = new double[dimensions];
            sequence.Point(index, point);
            return point;
        })];
    }
}
