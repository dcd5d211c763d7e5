using System.Globalization;
using CatchUp.Contracts.Specifications;
using CatchUp.Dashboard.Shell;
using CatchUp.Statistics.Importance;

namespace CatchUp.Dashboard.Parameters;

/// <summary>What runs have of one key or number, as places on an axis.</summary>
/// <param name="Id">The key's path, the term as it is written, or <see cref="MeasureId"/>.</param>
/// <param name="Name">Short, for people.</param>
/// <param name="Low">The smallest place.</param>
/// <param name="Categories">In the order of their places, 0, 1, …; empty on axes of numbers. The missing value is written <see cref="Missing"/>.</param>
/// <param name="Places">By run: a number, or the index of a category; NaN where the run has no number.</param>
public sealed record ParameterAxis(string Id, string Name, string Description, AxisKind Kind, double Low, double High, IReadOnlyList<string> Categories, double[] Places)
{
    /// <summary>The axis of what came of the runs.</summary>
    public const string MeasureId = "value";

    public const string Missing = "–";

    /// <summary>Of more categories the rarest share the last place.</summary>
    public const int MostCategories = 40;

    /// <summary>Numbers above 0 that are so many times as large as others stand on a logarithmic axis.</summary>
    public const double Decades = 100;

    /// <param name="logarithmic">The numbers were drawn from a logarithmic range.</param>
    public static ParameterAxis Of(string id, string name, string description, IReadOnlyList<FeatureValue> values, bool logarithmic)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.All(value => value.Text is null)
            ? OfNumbers(id, name, description, [.. values.Select(value => value.Number ?? double.NaN)], logarithmic)
            : OfCategories(id, name, description, [.. values.Select(value => value.IsMissing ? Missing : value.ToString())]);
    }

    public static ParameterAxis OfNumbers(string id, string name, string description, double[] values, bool logarithmic = false)
    {
        ArgumentNullException.ThrowIfNull(values);
        var finite = values.Where(double.IsFinite).ToList();
        var (low, high) = finite.Count == 0 ? (0, 1) : (finite.Min(), finite.Max());
        return new(id, name, description, low > 0 && high > low && (logarithmic || high / low >= Decades) ? AxisKind.Logarithmic : AxisKind.Linear, low, high, [], values);
    }

    /// <summary>The place as people write it.</summary>
    public string TextOf(double place) => Kind != AxisKind.Categories ? double.IsNaN(place) ? Missing : Figures.Number(place)
        : place >= 0 && place < Categories.Count ? Categories[(int)place] : Missing;

    /// <summary>The place of a key's value on this axis; NaN where it has none.</summary>
    public double PlaceOf(FeatureValue value) => Kind != AxisKind.Categories ? value.Number ?? double.NaN
        : Categories.Index().FirstOrDefault(pair => pair.Item == (value.IsMissing ? Missing : value.ToString()), (Index: -1, Item: "")).Index is var index and >= 0 ? index : double.NaN;

    private static ParameterAxis OfCategories(string id, string name, string description, string[] words)
    {
        var counted = words.CountBy(word => word).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key).ToList();
        var kept = counted.Count <= MostCategories ? counted : counted.GetRange(0, MostCategories - 1);
        var choices = SpecificationSchema.Find(id)?.Choices ?? [];
        kept = [.. kept
            .OrderBy(word => word == Missing)
            .ThenBy(word => choices.Index().FirstOrDefault(choice => choice.Item == word, (Index: int.MaxValue, Item: word)).Index)
            .ThenBy(word => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.MaxValue)
            .ThenBy(word => word, StringComparer.Ordinal)];
        if (counted.Count > kept.Count)
        {
            kept.Add($"{counted.Count - kept.Count} others");
        }

        var places = kept.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        return new(id, name, description, AxisKind.Categories, 0, Math.Max(kept.Count - 1, 0), kept, [.. words.Select(word => (double)places.GetValueOrDefault(word, kept.Count - 1))]);
    }
}
