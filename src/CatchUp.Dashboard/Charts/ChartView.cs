using System.Globalization;
using CatchUp.Tracking.Metrics;

namespace CatchUp.Dashboard.Charts;

/// <summary>How a curve is looked at; in the address as "time.100-400.log.ema25".</summary>
/// <param name="From">First place shown, in the axis's units; null from the beginning.</param>
/// <param name="To">Last place shown; null to the end.</param>
/// <param name="Log">The value axis is logarithmic.</param>
/// <param name="Smoothing">Window of the moving average in drawn values; 0 draws the values as they are.</param>
/// <param name="Axis">What it is drawn over.</param>
/// <param name="LogX">That axis is logarithmic.</param>
public sealed record ChartView(long? From = null, long? To = null, bool Log = false, int Smoothing = 0, CurveAxis Axis = CurveAxis.Step, bool LogX = false)
{
    private static readonly (CurveAxis Axis, string Word)[] Words = [(CurveAxis.Images, "images"), (CurveAxis.Time, "time"), (CurveAxis.Device, "device")];

    public static ChartView Whole { get; } = new();

    /// <summary>The windows that the slider offers.</summary>
    public static IReadOnlyList<int> SmoothingWindows { get; } = [0, 5, 10, 25, 50, 100, 250, 500];

    /// <summary>Reads an address; what is not understood is left at its default, for addresses are typed by people.</summary>
    public static ChartView Parse(string? text)
    {
        var view = Whole;
        foreach (var part in (text ?? "").Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "log")
            {
                view = view with { Log = true };
            }
            else if (part == "logx")
            {
                view = view with { LogX = true };
            }
            else if (Array.Find(Words, pair => pair.Word == part) is { Word: not null } axis)
            {
                view = view with { Axis = axis.Axis };
            }
            else if (part.StartsWith("ema", StringComparison.Ordinal) && IsNumber(part[3..], out var window) && window is > 0 and <= 100_000)
            {
                view = view with { Smoothing = (int)window };
            }
            else if (part.Split('-') is [var from, var to] && IsNumber(from, out var first) && IsNumber(to, out var last) && first < last)
            {
                view = view with { From = first, To = last };
            }
        }

        return view;
    }

    /// <summary>The address form; null when nothing differs from the default.</summary>
    public string? ToAddress()
    {
        var parts = Words.Where(pair => pair.Axis == Axis).Select(pair => pair.Word).ToList();
        if (From is { } from && To is { } to)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{from}-{to}"));
        }

        if (Log)
        {
            parts.Add("log");
        }

        if (LogX)
        {
            parts.Add("logx");
        }

        if (Smoothing > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"ema{Smoothing}"));
        }

        return parts.Count == 0 ? null : string.Join('.', parts);
    }

    private static bool IsNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
