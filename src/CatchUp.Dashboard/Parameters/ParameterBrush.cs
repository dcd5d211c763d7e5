using System.Globalization;

namespace CatchUp.Dashboard.Parameters;

/// <summary>
/// Which runs are chosen by what they have on axes; in addresses "optimizer.learningRate:1e-4..1e-3;objective.order:rk23,rk34". All parts
/// must hold. What cannot be read is left out, for addresses are typed by people.
/// </summary>
public sealed record ParameterBrush(IReadOnlyList<BrushPart> Parts)
{
    private const int MostParts = 60, MostCategories = 200;

    public static ParameterBrush None { get; } = new([]);

    public bool IsEmpty => Parts.Count == 0;

    public static ParameterBrush Parse(string? text)
    {
        var parts = new List<BrushPart>();
        foreach (var part in (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(MostParts))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                continue;
            }

            var (axis, chosen) = (Uri.UnescapeDataString(part[..colon]), part[(colon + 1)..]);
            if (chosen.Split("..") is [var from, var to])
            {
                if (Bound(from, out var low) && Bound(to, out var high) && (low, high) is not (null, null))
                {
                    parts.Add(new(axis, low, high, null));
                }
            }
            else if (chosen.Length > 0)
            {
                parts.Add(new(axis, null, null, [.. chosen.Split(',').Take(MostCategories).Select(word => word == "none" ? ParameterAxis.Missing : Uri.UnescapeDataString(word)).Distinct()]));
            }
        }

        return new([.. parts.DistinctBy(part => part.Axis)]);
    }

    /// <summary>Null when nothing is chosen.</summary>
    public string? ToAddress() => IsEmpty ? null : string.Join(';', Parts.Select(part =>
        $"{Written(part.Axis)}:{(part.Categories is { } words ? string.Join(',', words.Select(word => word == ParameterAxis.Missing ? "none" : word == "none" ? "%6Eone" : Written(word))) : $"{Number(part.From)}..{Number(part.To)}")}"));

    public BrushPart? On(string axis) => Parts.FirstOrDefault(part => part.Axis == axis);

    public ParameterBrush Without(string axis) => new([.. Parts.Where(part => part.Axis != axis)]);

    /// <summary>With another choice on one axis; one that leaves everything takes the axis out.</summary>
    public ParameterBrush With(BrushPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        var nothing = part is { From: null, To: null, Categories: null };
        var found = Parts.Any(other => other.Axis == part.Axis);
        return nothing ? Without(part.Axis) : found ? new([.. Parts.Select(other => other.Axis == part.Axis ? part : other)]) : new([.. Parts, part]);
    }

    public bool Equals(ParameterBrush? other) => other is not null && ToAddress() == other.ToAddress();

    public override int GetHashCode() => ToAddress()?.GetHashCode(StringComparison.Ordinal) ?? 0;

    private static bool Bound(string text, out double? bound)
    {
        bound = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return true;
        }

        var read = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);
        bound = read ? number : null;
        return read;
    }

    private static string Number(double? bound) => bound?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Signs with a meaning here, and two dots, are written by their numbers.</summary>
    private static string Written(string word) => word
        .Replace("%", "%25", StringComparison.Ordinal).Replace(";", "%3B", StringComparison.Ordinal).Replace(":", "%3A", StringComparison.Ordinal)
        .Replace(",", "%2C", StringComparison.Ordinal).Replace("..", "%2E%2E", StringComparison.Ordinal);
}
