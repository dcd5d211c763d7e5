using System.Globalization;
using CatchUp.Tracking.Evaluations;

namespace CatchUp.Dashboard.Shell;

/// <summary>Numbers, sizes and durations in the words of the pages, to the digits that mean something.</summary>
public static class Figures
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;
    private static readonly string[] ByteUnits = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>Four significant digits: 0.02341, 1.234, 1,234; "–" for nothing.</summary>
    public static string Number(double? value, int digits = 4)
    {
        if (value is not { } number)
        {
            return "–";
        }

        if (double.IsNaN(number))
        {
            return "NaN";
        }

        if (double.IsInfinity(number))
        {
            return number > 0 ? "∞" : "−∞";
        }

        if (number == 0)
        {
            return "0";
        }

        var magnitude = (int)Math.Floor(Math.Log10(Math.Abs(number)));
        return magnitude is < -4 or > 8
            ? number.ToString("0." + new string('#', digits - 1) + "e0", Culture)
            : Math.Round(number, Math.Clamp(digits - 1 - magnitude, 0, 15)).ToString("#,0." + new string('#', Math.Max(digits - 1 - magnitude, 0)), Culture);
    }

    public static string Count(long value) => value.ToString("N0", Culture);

    /// <summary>"12.4 ± 0.3": the interval decides the digits; without one, three significant digits.</summary>
    public static string WithInterval(double value, double? low, double? high)
    {
        if (low is not { } from || high is not { } to || !double.IsFinite(value) || !double.IsFinite(from) || !double.IsFinite(to))
        {
            return Number(value, 3);
        }

        var half = (to - from) / 2;
        var decimals = half <= 0 ? 2 : Math.Clamp(-(int)Math.Floor(Math.Log10(half)), half < 10 ? 1 : 0, 8);
        var format = "#,0." + new string('0', decimals);
        return decimals == 0 ? $"{value.ToString("#,0", Culture)} ± {half.ToString("#,0", Culture)}" : $"{value.ToString(format, Culture)} ± {half.ToString(format, Culture)}";
    }

    public static string Value(Evaluation evaluation) => WithInterval(evaluation.Value, evaluation.Low, evaluation.High);

    /// <summary>"412 MB".</summary>
    public static string Bytes(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        while (value >= 1000 && unit < ByteUnits.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return value.ToString(unit == 0 || value >= 100 ? "0" : "0.#", Culture) + " " + ByteUnits[unit];
    }

    /// <summary>"2 h 14 min", "48 s", "0.4 s".</summary>
    public static string Duration(TimeSpan duration)
    {
        if (duration < TimeSpan.Zero)
        {
            return "–";
        }

        return duration switch
        {
            { TotalSeconds: < 1 } => duration.TotalSeconds.ToString("0.#", Culture) + " s",
            { TotalSeconds: < 59.5 } => duration.TotalSeconds.ToString("0", Culture) + " s",
            { TotalMinutes: < 10 } when duration.Seconds != 0 => $"{(int)duration.TotalMinutes} min {duration.Seconds} s",
            { TotalMinutes: < 60 } => $"{(int)duration.TotalMinutes} min",
            { TotalHours: < 24 } => duration.Minutes == 0 ? $"{(int)duration.TotalHours} h" : $"{(int)duration.TotalHours} h {duration.Minutes} min",
            _ => duration.Hours == 0 ? $"{(int)duration.TotalDays} d" : $"{(int)duration.TotalDays} d {duration.Hours} h",
        };
    }

    /// <summary>"4.1 steps/s"; slower than one in two seconds, "3.2 s/step".</summary>
    public static string Rate(double stepsPerSecond) => stepsPerSecond switch
    {
        <= 0 or double.NaN => "–",
        < 0.5 => $"{Number(1 / stepsPerSecond, 2)} s/step",
        _ => $"{Number(stepsPerSecond, 2)} steps/s",
    };

    /// <summary>"12 min ago", "in 3 h 20 min"; "just now" and "now" within five seconds. What is to come is waited for, so it is told to the minute for a day.</summary>
    public static string Relative(DateTimeOffset at, DateTimeOffset now)
    {
        var distance = now - at;
        if (distance.Duration() < TimeSpan.FromSeconds(5))
        {
            return distance >= TimeSpan.Zero ? "just now" : "now";
        }

        var length = distance.Duration();
        var words = length switch
        {
            { TotalMinutes: < 1 } => $"{(int)length.TotalSeconds} s",
            { TotalHours: < 1 } => $"{(int)length.TotalMinutes} min",
            { TotalDays: < 1 } => distance < TimeSpan.Zero && length.Minutes > 0 ? $"{(int)length.TotalHours} h {length.Minutes} min" : $"{(int)length.TotalHours} h",
            { TotalDays: < 60 } => $"{(int)length.TotalDays} d",
            _ => $"{(int)(length.TotalDays / 30.4)} months",
        };
        return distance > TimeSpan.Zero ? $"{words} ago" : $"in {words}";
    }

    /// <summary>"1 run", "3 runs".</summary>
    public static string Plural(long count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";
}
