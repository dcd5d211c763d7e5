using System.Globalization;

namespace CatchUp.Tracking.Configurations;

/// <summary>The value of a key of the configuration: a number, or a text (words, truth values, lists joined by commas), or neither.</summary>
internal readonly record struct ConfigurationValue(double? Number, string? Text)
{
    public override string ToString() => Number is { } number ? number.ToString("R", CultureInfo.InvariantCulture) : Text ?? "";
}
