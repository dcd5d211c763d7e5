using System.Collections.Concurrent;

namespace CatchUp.Statistics.Samples;

/// <summary>Student's t distribution with any number of degrees of freedom above 0, also fractional ones.</summary>
internal static class StudentT
{
    /// <summary>A curve of means asks for the same few again and again, and each takes thousands of operations.</summary>
    private static readonly ConcurrentDictionary<(double P, double Degrees), double> Known = new();

    private const int MostKnown = 10_000;

    /// <summary>P(|T| ≥ |t|) = I_x(ν/2, 1/2) with x = ν / (ν + t²) (Abramowitz and Stegun 26.7.1).</summary>
    public static double TwoSided(double t, double degrees)
    {
        if (t == 0)
        {
            return 1;
        }

        // Both shares are formed from t and ν, so that neither loses digits as the other comes near 1. Squares that overflow give 0, which is right.
        var ratio = t / degrees * t;
        return double.IsPositiveInfinity(ratio) ? 0 : RegularizedBeta(1 / (1 + ratio), ratio / (1 + ratio), degrees / 2, 0.5);
    }

    /// <summary>The t above 0 with P(|T| ≥ t) = p, to about thirteen digits.</summary>
    public static double TwoSidedQuantile(double p, double degrees)
    {
        if (!(p > 0 && p < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(p), p, "A quantile needs a probability above 0 and below 1.");
        }

        if (Known.TryGetValue((p, degrees), out var known))
        {
            return known;
        }

        var (low, high) = (0.0, 1.0);
        while (TwoSided(high, degrees) > p)
        {
            (low, high) = (high, 2 * high);
        }

        while (high - low > 1e-13 * high)
        {
            var middle = (low + high) / 2;
            if (middle == low || middle == high)
            {
                break;
            }

            (low, high) = TwoSided(middle, degrees) > p ? (middle, high) : (low, middle);
        }

        known = (low + high) / 2;
        if (Known.Count < MostKnown)
        {
            Known[(p, degrees)] = known;
        }

        return known;
    }

    /// <summary>I_x(a, b); the rest is 1 − x (Abramowitz and Stegun 26.5.8, by Lentz's method as Thompson and Barnett 1986 changed it).</summary>
    private static double RegularizedBeta(double x, double rest, double a, double b)
    {
        if (x == 0 || rest == 0)
        {
            return x;
        }

        // The fraction converges quickly below the distribution's mean only.
        return x <= (a + 1) / (a + b + 2) ? Tail(x, rest, a, b) : 1 - Tail(rest, x, b, a);
    }

    private static double Tail(double x, double rest, double a, double b)
    {
        var front = Math.Exp((a * Math.Log(x)) + (b * Math.Log(rest)) + LogGamma(a + b) - LogGamma(a) - LogGamma(b)) / a;
        const double tiny = 1e-300;
        var c = 1.0;
        var d = 1 / NotZero(1 - ((a + b) * x / (a + 1)));
        var fraction = d;
        for (var m = 1; m <= 10_000; m++)
        {
            Step(m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m))));
            var change = Step(-(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1)));
            if (Math.Abs(change - 1) < 1e-15)
            {
                break;
            }
        }

        return front * fraction;

        double Step(double coefficient)
        {
            d = 1 / NotZero(1 + (coefficient * d));
            c = NotZero(1 + (coefficient / c));
            fraction *= c * d;
            return c * d;
        }

        static double NotZero(double value) => Math.Abs(value) < tiny ? tiny : value;
    }

    /// <summary>ln Γ(x) for x above 0: Stirling's series (Abramowitz and Stegun 6.1.41) after Γ(x + 1) = x Γ(x) has brought x to 15.</summary>
    private static double LogGamma(double x)
    {
        var product = 1.0;
        for (; x < 15; x++)
        {
            product *= x;
        }

        var inverse = 1 / (x * x);
        var series = ((((((((1.0 / 1188) * inverse) - (1.0 / 1680)) * inverse) + (1.0 / 1260)) * inverse) - (1.0 / 360)) * inverse) + (1.0 / 12);
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + (series / x) - Math.Log(product);
    }
}
