using System.Globalization;

namespace CatchUp.Dashboard.Charts;

/// <summary>An axis of a drawn chart: where its values lie, and where its ticks.</summary>
/// <param name="Low">Value at the axis's beginning.</param>
/// <param name="High">Value at its end; more than <paramref name="Low"/>.</param>
/// <param name="Log">Equal distances are equal ratios.</param>
/// <param name="From">Place of the beginning.</param>
/// <param name="To">Place of the end.</param>
internal sealed record SvgAxis(double Low, double High, bool Log, double From, double To)
{
    public double At(double value)
    {
        var share = Log ? Math.Log(value / Low) / Math.Log(High / Low) : (value - Low) / (High - Low);
        return From + (Math.Clamp(share, 0, 1) * (To - From));
    }

    public IReadOnlyList<double> Ticks(int count) => Log ? LogTicks(Low, High, count) : LinearTicks(Low, High, count);

    /// <summary>A range for values: wide enough to be drawn, with zero where it is near.</summary>
    public static (double Low, double High) Range(double low, double high, bool log)
    {
        if (!(low <= high))
        {
            return log ? (0.1, 10) : (0, 1);
        }

        if (log)
        {
            return low == high ? (low / 2, high * 2) : (low / Math.Pow(high / low, 0.04), high * Math.Pow(high / low, 0.04));
        }

        if (low == high)
        {
            return low == 0 ? (-1, 1) : (low - (Math.Abs(low) * 0.1), high + (Math.Abs(high) * 0.1));
        }

        var room = (high - low) * 0.05;
        return (low >= 0 && low - room < 0 ? 0 : low - room, high + room);
    }

    /// <summary>"0.02", "12k", "1.5M", "3e-5".</summary>
    public static string Text(double value)
    {
        var size = Math.Abs(value);
        return size switch
        {
            0 => "0",
            >= 1e9 or < 1e-3 => value.ToString("0.##e0", CultureInfo.InvariantCulture),
            >= 1e6 => (value / 1e6).ToString("0.#####", CultureInfo.InvariantCulture) + "M",
            >= 1e4 => (value / 1e3).ToString("0.#####", CultureInfo.InvariantCulture) + "k",
            _ => value.ToString("0.######", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>1, 2 and 5 of each decade, decades alone, or within less than a decade evenly spaced ones.</summary>
    private static List<double> LogTicks(double low, double high, int count)
    {
        int[] digits = Math.Log10(high / low) > 4 ? [1] : [1, 2, 5];
        var (first, last) = ((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high)));
        var ticks = Enumerable.Range(first, last - first + 1)
            .SelectMany(power => digits.Select(digit => digit * Math.Pow(10, power)))
            .Where(tick => tick >= low && tick <= high).ToList();
        var every = (ticks.Count + count) / (count + 1);
        return ticks.Count >= 3 ? [.. ticks.Where((_, index) => index % Math.Max(1, every) == 0)] : LinearTicks(low, high, 4);
    }

    private static List<double> LinearTicks(double low, double high, int count)
    {
        var rough = (high - low) / count;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = new[] { 1, 2, 5, 10 }.Select(digit => digit * power).First(candidate => candidate >= rough * 0.75);
        var ticks = new List<double>();
        for (var index = Math.Ceiling(low / step); index * step <= high + (step * 1e-9) && ticks.Count < 100; index++)
        {
            // Multiples, not sums: 0.1 added up is soon 0.30000000000000004.
            ticks.Add(Math.Round(index * step, Math.Clamp(2 - (int)Math.Floor(Math.Log10(step)), 0, 15)));
        }

        return ticks;
    }
}
