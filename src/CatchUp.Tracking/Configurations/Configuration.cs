using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Configurations;

/// <summary>A run specification as flat keys.</summary>
internal static class Configuration
{
    /// <summary>What a configuration is the same without: the seed makes replicates of it, and a preset counts as what it says.</summary>
    private static readonly string[] Apart = ["seed", "preset"];

    private static readonly (string Path, PropertyInfo[] Way, Func<object?, ConfigurationValue> Read)[] Leaves =
        [.. SpecificationSchema.Leaves.Where(leaf => leaf.Path != "seed").Select(leaf => (leaf.Path, Way(leaf.Path), Reader(leaf)))];

    /// <summary>Whether the key says nothing of its own: see <see cref="Apart"/>.</summary>
    public static bool IsApart(string path) => Apart.Contains(path);

    /// <summary>Dotted paths of all keys but the seed, which every run has beside it.</summary>
    public static IReadOnlyList<string> Paths { get; } = [.. Leaves.Select(leaf => leaf.Path)];

    /// <summary>A value for each of <see cref="Paths"/>.</summary>
    public static ConfigurationValue[] ValuesOf(RunSpecification specification)
    {
        var values = new ConfigurationValue[Leaves.Length];
        for (var i = 0; i < Leaves.Length; i++)
        {
            object? value = specification;
            foreach (var property in Leaves[i].Way)
            {
                value = property.GetValue(value);
            }

            values[i] = Leaves[i].Read(value);
        }

        return values;
    }

    /// <summary>Sixteen hexadecimal digits, the same for runs that differ in nothing but the seed.</summary>
    public static string HashOf(ConfigurationValue[] values)
    {
        var text = new StringBuilder();
        foreach (var (index, path) in Paths.Index())
        {
            if (!Apart.Contains(path))
            {
                text.Append(path).Append('=').Append(values[index]).Append('\n');
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }

    private static PropertyInfo[] Way(string path)
    {
        var type = typeof(RunSpecification);
        var way = new List<PropertyInfo>();
        foreach (var name in path.Split('.'))
        {
            way.Add(type.GetProperty(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.IgnoreCase)!);
            type = way[^1].PropertyType;
        }

        return [.. way];
    }

    private static Func<object?, ConfigurationValue> Reader(SpecificationKey leaf) => leaf.Kind switch
    {
        KeyKind.Number or KeyKind.WholeNumber => value => new(value is null ? null : Convert.ToDouble(value, CultureInfo.InvariantCulture), null),
        KeyKind.List => value => new(null, value is IEnumerable items ? string.Join(", ", items.Cast<object>().Select(item => TextOf(leaf, item))) : null),
        _ => value => new(null, value is null ? null : TextOf(leaf, value)),
    };

    private static string TextOf(SpecificationKey leaf, object value) => value switch
    {
        // The schema's words are in the order of the enumeration's names.
        Enum member => leaf.Choices[Array.IndexOf(Enum.GetNames(member.GetType()), member.ToString())],
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
