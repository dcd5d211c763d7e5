namespace CatchUp.Search.Objectives;

/// <summary>The volume that points dominate up to a reference point (Zitzler and Thiele 1998), by excluding what later points dominate in turn (While et al., 2012).</summary>
public static class Hypervolume
{
    /// <summary>A point's contribution is computed against so many of its nearest neighbours.</summary>
    internal const int MostPoints = 24;

    /// <summary>Volume of the region that is dominated by a point and dominates the reference; less is better in every coordinate.</summary>
    public static double Of(IReadOnlyList<double[]> costs, double[] reference)
    {
        var inside = costs.Where(point => !point.Zip(reference).Any(pair => !(pair.First < pair.Second))).ToList();
        return Volume([.. ParetoFront.First(inside).Select(index => inside[index])], reference);
    }

    /// <summary>
    /// For each point of a front what the volume would lose without it, in coordinates scaled to the front's own extent, with the
    /// reference a tenth beyond its worst.
    /// </summary>
    internal static double[] Contributions(IReadOnlyList<double[]> front)
    {
        var dimensions = front[0].Length;
        var finite = front.Where(point => point.All(double.IsFinite)).ToList();
        var (least, most) = (new double[dimensions], new double[dimensions]);
        for (var axis = 0; axis < dimensions; axis++)
        {
            least[axis] = finite.Select(point => point[axis]).DefaultIfEmpty(0).Min();
            most[axis] = finite.Select(point => point[axis]).DefaultIfEmpty(1).Max();
        }

        var reference = Enumerable.Repeat(1.1, dimensions).ToArray();
        var scaled = front.Select(point => point.All(double.IsFinite) ? point.Select((value, axis) => most[axis] > least[axis] ? (value - least[axis]) / (most[axis] - least[axis]) : 0).ToArray() : null).ToList();
        var contributions = new double[front.Count];
        for (var index = 0; index < front.Count; index++)
        {
            if (scaled[index] is not { } point)
            {
                continue;
            }

            // What others leave of the box between the point and the reference depends most on its neighbours.
            var others = Enumerable.Range(0, front.Count).Where(other => other != index && scaled[other] is not null)
                .OrderBy(other => scaled[other]!.Zip(point).Sum(pair => (pair.First - pair.Second) * (pair.First - pair.Second))).Take(MostPoints).Select(other => scaled[other]!).ToList();
            contributions[index] = Exclusive(point, others, reference);
        }

        return contributions;
    }

    private static double Volume(List<double[]> front, double[] reference)
    {
        var volume = 0.0;
        for (var index = 0; index < front.Count; index++)
        {
            volume += Exclusive(front[index], front.Skip(index + 1), reference);
        }

        return volume;
    }

    private static double Exclusive(double[] point, IEnumerable<double[]> others, double[] reference)
    {
        var box = point.Select((value, axis) => reference[axis] - value).Aggregate(1.0, (product, side) => product * side);
        var limited = others.Select(other => other.Select((value, axis) => Math.Max(value, point[axis])).ToArray()).ToList();
        return limited.Count == 0 ? box : box - Volume([.. ParetoFront.First(limited).Select(index => limited[index])], reference);
    }
}
