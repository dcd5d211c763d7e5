namespace CatchUp.Search.Spaces;

/// <summary>The standard normal distribution.</summary>
internal static class Gaussian
{
    /// <summary>Beyond, the cumulative distribution is 0 or 1 to double precision.</summary>
    private const double Furthest = 8.5;

    private const int PerUnit = 256;

    private static readonly double[] Table = [.. Enumerable.Range(0, (int)(Furthest * PerUnit) + 2).Select(index => Exact((double)index / PerUnit))];

    private static readonly double[] Slopes = [.. Enumerable.Range(0, Table.Length).Select(index => Density((double)index / PerUnit) / PerUnit)];

    public static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>Φ(z) to about 1e-13: the table's exact values joined by cubics that have the density as their slope (Hermite interpolation).</summary>
    public static double Cumulative(double z)
    {
        if (z < 0)
        {
            return 1 - Cumulative(-z);
        }

        if (z >= Furthest)
        {
            return 1;
        }

        var place = z * PerUnit;
        var index = (int)place;
        var part = place - index;
        var (left, right) = (Table[index], Table[index + 1]);
        var (slopeLeft, slopeRight) = (Slopes[index], Slopes[index + 1]);
        var (square, cube) = (part * part, part * part * part);
        return (((2 * cube) - (3 * square) + 1) * left) + ((cube - (2 * square) + part) * slopeLeft) + (((3 * square) - (2 * cube)) * right) + ((cube - square) * slopeRight);
    }

    /// <summary>The z with Φ(z) = probability, by halving the interval: slow, sure, and the exact inverse of <see cref="Cumulative"/>.</summary>
    public static double Quantile(double probability)
    {
        var (low, high) = (-Furthest, Furthest);
        for (var round = 0; round < 60 && high - low > 1e-15; round++)
        {
            var middle = (low + high) / 2;
            if (Cumulative(middle) < probability)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return (low + high) / 2;
    }

    /// <summary>Φ(z) = 1/2 + φ(z)·(z + z³/3 + z⁵/(3·5) + …) for z ≥ 0: all terms positive, so nothing cancels.</summary>
    private static double Exact(double z)
    {
        var (term, sum) = (z, z);
        for (var odd = 3; term > 1e-18 * sum; odd += 2)
        {
            term *= z * z / odd;
            sum += term;
        }

        return 0.5 + (Density(z) * sum);
    }
}
