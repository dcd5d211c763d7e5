using System.Globalization;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Dashboard.Samples;

/// <summary>A swept key as a slider: over the values that runs have, or for a number that a search draws over its whole range.</summary>
public sealed class ParameterSlider
{
    /// <summary>Places of a range.</summary>
    private const int RangePlaces = 100;

    private readonly Dictionary<string, double> _numbers;

    /// <param name="key">Dotted path, as runs name it.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="range">How a search draws it; null for one of several values.</param>
    /// <param name="values">What runs have.</param>
    public ParameterSlider(string key, string name, SweptNumber? range, IEnumerable<string> values)
    {
        (Key, Name, Range) = (key, name, range);
        var distinct = values.Distinct().ToList();
        _numbers = distinct.Where(value => Number(value) is not null).ToDictionary(value => value, value => Number(value)!.Value);
        Places = range is null
            ? [.. _numbers.Count == distinct.Count ? distinct.OrderBy(value => _numbers[value]) : distinct.AsEnumerable()]
            : [.. Enumerable.Range(0, RangePlaces + 1).Select(place => Text(range.At((double)place / RangePlaces))).Distinct()];
    }

    public string Key { get; }

    public string Name { get; }

    public SweptNumber? Range { get; }

    /// <summary>What it can be set to, in the slider's order.</summary>
    public IReadOnlyList<string> Places { get; }

    /// <summary>Its places are on a line.</summary>
    public bool IsOrdered => Range is not null || (_numbers.Count == Places.Count && Places.Count > 2);

    /// <summary>Where a value is among the places, or the nearest of them.</summary>
    public int IndexOf(string? value)
    {
        if (value is null || Places.Count == 0)
        {
            return 0;
        }

        if (Range is { } range && Number(value) is { } number)
        {
            var wanted = range.PlaceOf(number);
            return Enumerable.Range(0, Places.Count).MinBy(index => Math.Abs(range.PlaceOf(Number(Places[index])!.Value) - wanted));
        }

        return Math.Max(0, Places.ToList().IndexOf(value));
    }

    /// <summary>How far a run's value is from the one that is wanted: 0 is the same, 1 the whole range or another choice. What a run does not have is not compared.</summary>
    public double Distance(string wanted, string? has)
    {
        if (has is null || has == wanted)
        {
            return 0;
        }

        return Range is { } range && Number(wanted) is { } from && Number(has) is { } to ? Math.Abs(range.PlaceOf(from) - range.PlaceOf(to)) : 1;
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>Three digits, which is finer than the slider.</summary>
    private static string Text(double value) => value is 0 or >= 1e-3 and < 1e6 or <= -1e-3 and > -1e6
        ? ((decimal)double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)).ToString("0.##########", CultureInfo.InvariantCulture)
        : value.ToString("G3", CultureInfo.InvariantCulture);
}
