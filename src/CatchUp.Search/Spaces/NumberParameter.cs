using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CatchUp.Search.Spaces;

/// <summary>
/// A number between two bounds, both included: a continuum, or with a step the values low, low + step, … up to the upper bound.
/// Whole numbers have a whole step. A value with a step has the probability of the stretch half a step to each side.
/// </summary>
public sealed class NumberParameter : Parameter
{
    /// <summary>More values than this are a continuum in all but name.</summary>
    public const long MostValues = 1_000_000_000;

    /// <summary>Bells are cut so many deviations from their mean: beyond, a thousandth of a millionth of the probability remains.</summary>
    public const double Reach = 6;

    private readonly long? _count;

    private readonly double _from, _to, _lowest, _highest;

    /// <param name="path">Dotted path into the run specification.</param>
    /// <param name="scale">How it is drawn.</param>
    /// <param name="low">Smallest value; minus infinity only for bells.</param>
    /// <param name="high">Largest value; infinity only for bells.</param>
    /// <param name="step">Distance between neighbouring values; null for a continuum.</param>
    /// <param name="whole">Whether the values are whole numbers; the step then is too.</param>
    /// <param name="mean">Of a bell; for <see cref="NumberScale.LogNormal"/> that of the natural logarithm.</param>
    /// <param name="deviation">Standard deviation of a bell; for <see cref="NumberScale.LogNormal"/> that of the natural logarithm.</param>
    /// <param name="when">Conditions under which the parameter exists.</param>
    /// <exception cref="ArgumentException">The parameter has no values, as <see cref="Problem"/> says in words.</exception>
    public NumberParameter(string path, NumberScale scale, double low, double high, double? step = null, bool whole = false, double mean = 0, double deviation = 1, IReadOnlyList<Condition>? when = null)
        : base(path, when)
    {
        step = whole ? step ?? 1 : step;
        if (Problem(scale, low, high, step, whole, mean, deviation) is { } problem)
        {
            throw new ArgumentException(problem, nameof(low));
        }

        (Scale, Whole, Step, Mean, Deviation, GivenLow, GivenHigh) = (scale, whole, step, mean, deviation, low, high);
        (Low, High) = Cut(scale, low, high, step, mean, deviation);
        if (step is { } each)
        {
            _count = Values(Low, High, each);
            High = At(_count.Value - 1);
            // A bound's cell reaches half a step beyond it, and on a logarithmic scale never down to zero.
            _lowest = Logarithmic ? Low - Math.Min(each / 2, Low / 2) : Low - (each / 2);
            _highest = High + (each / 2);
        }
        else
        {
            (_lowest, _highest) = (Low, High);
        }

        (_from, _to) = (Cumulative(_lowest), Cumulative(_highest));
    }

    public NumberScale Scale { get; }

    public double Low { get; }

    public double High { get; }

    public double? Step { get; }

    public bool Whole { get; }

    public double Mean { get; }

    public double Deviation { get; }

    public override long? Count => _count;

    /// <summary>The bounds as they were given; those of a bell may be infinite.</summary>
    private double GivenLow { get; }

    private double GivenHigh { get; }

    private bool Logarithmic => Scale is NumberScale.LogUniform or NumberScale.LogNormal;

    private bool Bell => Scale is NumberScale.Normal or NumberScale.LogNormal;

    /// <summary>What keeps a number from having values, and how to mend it; null when nothing does.</summary>
    public static string? Problem(NumberScale scale, double low, double high, double? step, bool whole, double mean, double deviation)
    {
        var bell = scale is NumberScale.Normal or NumberScale.LogNormal;
        var logarithmic = scale is NumberScale.LogUniform or NumberScale.LogNormal;
        if (double.IsNaN(low) || double.IsNaN(high) || (!bell && (double.IsInfinity(low) || double.IsInfinity(high))))
        {
            return "A bound is not a finite number. Write two numbers, the smaller first.";
        }

        if (low > high)
        {
            return $"The lower bound {Text(low)} is above the upper bound {Text(high)}. Exchange them.";
        }

        if (bell && !(double.IsFinite(mean) && double.IsFinite(deviation) && deviation > 0))
        {
            return "A bell needs a finite mean and a standard deviation above 0: [mean, deviation].";
        }

        if (logarithmic && (bell ? double.IsFinite(low) && low <= 0 : low <= 0))
        {
            return $"A logarithmic scale cannot begin at {Text(low)}: the logarithm needs numbers above 0. Begin at a small positive number such as 1e-6.";
        }

        if (scale == NumberScale.LogNormal && Math.Abs(mean) + (Reach * deviation) > 600)
        {
            return "Mean and deviation are those of the natural logarithm, and these reach beyond any number a computer can hold. Use smaller ones.";
        }

        if (step is { } each)
        {
            if (!double.IsFinite(each) || each <= 0)
            {
                return "A step is a finite number above 0.";
            }

            if (whole && (!IsWhole(each) || (double.IsFinite(low) && !IsWhole(low)) || (double.IsFinite(high) && !IsWhole(high))))
            {
                return "Whole numbers need whole bounds and a whole step. Use uniform for others.";
            }

            if (bell && (double.IsInfinity(low) || double.IsInfinity(high)))
            {
                return "A bell with a step needs bounds: add within: [low, high].";
            }
        }

        if (bell && (low >= high ? step is null : Cut(scale, low, high, step, mean, deviation) is var (cutLow, cutHigh) && (cutLow > cutHigh || (cutLow >= cutHigh && step is null))))
        {
            return $"Nothing of the bell lies within its bounds: it reaches {Text(Reach)} deviations to each side of its mean. Move the bounds or widen the deviation.";
        }

        if (step is null && low >= high)
        {
            return $"Both bounds are {Text(low)}. Write fixed: {Text(low)}.";
        }

        if (!double.IsFinite(high - low) && !bell)
        {
            return "The bounds are too far apart for a computer's numbers. Use a logarithmic scale or nearer bounds.";
        }

        if (step is { } distance && Cut(scale, low, high, step, mean, deviation) is var (first, last) && (((last - first) / distance) + 1 > MostValues || first + distance == first))
        {
            return $"These are more than {MostValues:N0} values. Take a larger step, or leave the step out.";
        }

        return step is null && Cut(scale, low, high, null, mean, deviation) is var (least, most) && (most - least) <= 1e-12 * Math.Max(Math.Abs(least), Math.Abs(most)) ? "The bounds are too near to each other to tell the numbers between them apart. Write fixed and one of them." : null;
    }

    public override double ValueAt(long place) => _count is null ? throw new InvalidOperationException($"{Path} is a continuum.") : At(place);

    public override long PlaceOf(double value) => Step is { } step ? (long)Math.Round((value - Low) / step) : throw new InvalidOperationException($"{Path} is a continuum.");

    public override double FromUnit(double unit)
    {
        var value = Quantile(_from + (Math.Clamp(unit, 0, 1) * (_to - _from)));
        return Step is { } step ? At(Math.Clamp((long)Math.Round((value - Low) / step), 0, _count!.Value - 1)) : Math.Clamp(Round(value), Low, High);
    }

    public override (double From, double To) Cell(double value)
    {
        if (Step is not { } step)
        {
            var unit = Math.Clamp((Cumulative(value) - _from) / (_to - _from), 0, 1);
            return (unit, unit);
        }

        var from = value <= Low ? 0 : (Cumulative(value - (step / 2)) - _from) / (_to - _from);
        var to = value >= High ? 1 : (Cumulative(value + (step / 2)) - _from) / (_to - _from);
        return (from, to);
    }

    public override JsonNode Encode(double value) => Whole ? JsonValue.Create((long)value) : JsonValue.Create(value);

    public override double? Decode(JsonNode? json)
    {
        if (JsonNumber.Read(json) is not { } value || value < Low || value > High)
        {
            return null;
        }

        if (Step is not { } step)
        {
            return value;
        }

        var near = At(Math.Clamp((long)Math.Round((value - Low) / step), 0, _count!.Value - 1));
        return Math.Abs(near - value) <= 1e-9 * Math.Max(step, Math.Abs(value)) ? near : null;
    }

    public override JsonNode ToJson()
    {
        var form = new JsonObject
        {
            [Whole && !Bell ? "integer" : JsonNamingPolicy.CamelCase.ConvertName($"{Scale}")] = Bell ? new JsonArray(Mean, Deviation) : Whole ? new JsonArray((long)Low, (long)High) : new JsonArray(Low, High),
        };
        if (Whole && Scale == NumberScale.LogUniform)
        {
            form["log"] = true;
        }

        if (Step is { } step && !(Whole && step == 1 && !Bell))
        {
            form["step"] = Whole ? JsonValue.Create((long)step) : JsonValue.Create(step);
        }

        if (Bell && double.IsFinite(GivenLow) && double.IsFinite(GivenHigh))
        {
            form["within"] = new JsonArray(GivenLow, GivenHigh);
        }

        return WithConditions(form);
    }

    public override bool Contains(Parameter narrower) => narrower switch
    {
        ChoiceParameter choice => choice.Dimension.Values.All(value => Decode(value) is not null),
        NumberParameter other when other.Scale != Scale || other.Whole != Whole || other.Low < Low || other.High > High => false,
        NumberParameter other when Step is { } step => other.Step is { } larger && Math.Abs((larger / step) - Math.Round(larger / step)) < 1e-9 && Decode(JsonValue.Create(other.Low)) is not null,
        _ => true,
    };

    private static (double Low, double High) Cut(NumberScale scale, double low, double high, double? step, double mean, double deviation)
    {
        if (scale is NumberScale.Uniform or NumberScale.LogUniform)
        {
            return (low, high);
        }

        var (least, most) = (mean - (Reach * deviation), mean + (Reach * deviation));
        if (scale == NumberScale.LogNormal)
        {
            (least, most) = (Math.Exp(least), Math.Exp(most));
        }

        // What is cut away is a number of whole steps: the values stay where the given bound puts them.
        var first = Math.Max(low, step is { } each && low < least ? low + (Math.Ceiling((least - low) / each) * each) : least);
        return (first, Math.Min(high, most));
    }

    private static long Values(double low, double high, double step) => (long)Math.Floor(((high - low) / step) + 1e-9) + 1;

    private static bool IsWhole(double number) => number == Math.Floor(number) && Math.Abs(number) <= 1L << 53;

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private double At(long place)
    {
        var step = Step!.Value;
        // In decimal, so that 0.1 + 2 · 0.1 is 0.3.
        return place == 0 ? Low : Math.Abs(Low) < 1e12 && Math.Abs(High) < 1e12 && step > 1e-12
            ? (double)((decimal)Low + (place * (decimal)step))
            : Low + (place * step);
    }

    /// <summary>People read these numbers: six digits say more than the next ten, which no run could tell apart.</summary>
    private double Round(double value)
    {
        if (value == 0)
        {
            return 0;
        }

        // On a logarithmic scale what counts is the number itself, on others the width of the range.
        var size = Logarithmic ? Math.Abs(value) * Math.Min(1, Math.Log(High / Low)) : Bell ? Math.Min(Deviation, High - Low) : High - Low;
        var digits = 6 - (int)Math.Floor(Math.Log10(size));
        if (digits is < -15 or > 300)
        {
            return value;
        }

        if (digits is >= 0 and <= 15)
        {
            return Math.Round(value, digits);
        }

        return double.Parse(value.ToString($"E{Math.Clamp(digits + (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 16)}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private double Cumulative(double value) => Scale switch
    {
        NumberScale.Uniform => value,
        NumberScale.LogUniform => Math.Log(value),
        NumberScale.Normal => Gaussian.Cumulative((value - Mean) / Deviation),
        _ => value <= 0 ? 0 : Gaussian.Cumulative((Math.Log(value) - Mean) / Deviation),
    };

    private double Quantile(double probability) => Scale switch
    {
        NumberScale.Uniform => probability,
        NumberScale.LogUniform => Math.Exp(probability),
        NumberScale.Normal => Mean + (Deviation * Gaussian.Quantile(probability)),
        _ => Math.Exp(Mean + (Deviation * Gaussian.Quantile(probability))),
    };
}
