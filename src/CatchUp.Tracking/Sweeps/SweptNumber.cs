namespace CatchUp.Tracking.Sweeps;

/// <summary>A key that a search draws between two bounds.</summary>
/// <param name="Key">Dotted path into the run specification.</param>
/// <param name="Whole">Whether it takes whole numbers only.</param>
/// <param name="Logarithmic">Whether what counts is the ratio of two values, not their difference.</param>
public sealed record SweptNumber(string Key, double Low, double High, bool Whole, bool Logarithmic)
{
    /// <summary>Where a value lies between the bounds: 0 at the lower, 1 at the upper.</summary>
    public double PlaceOf(double value)
    {
        var place = Logarithmic ? Math.Log(Math.Max(value, double.Epsilon) / Low) / Math.Log(High / Low) : (value - Low) / (High - Low);
        return Math.Clamp(double.IsFinite(place) ? place : 0, 0, 1);
    }

    /// <summary>The value at a place between the bounds.</summary>
    public double At(double place)
    {
        var value = Logarithmic ? Low * Math.Pow(High / Low, place) : Low + (place * (High - Low));
        return Whole ? Math.Round(value) : value;
    }
}
