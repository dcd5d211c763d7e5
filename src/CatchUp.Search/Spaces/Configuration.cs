using System.Globalization;
using System.Text.Json.Nodes;

namespace CatchUp.Search.Spaces;

/// <summary>A value for each parameter that exists in it.</summary>
public sealed class Configuration
{
    private readonly double[] _values;

    internal Configuration(SearchSpace space, double[] values)
    {
        Space = space;
        _values = values;
    }

    public SearchSpace Space { get; }

    /// <summary>The value of each parameter of the space, by its place there; NaN where it does not exist.</summary>
    internal ReadOnlySpan<double> Values => _values;

    /// <summary>Whether a parameter exists under the conditions that this configuration meets.</summary>
    public bool Has(string path) => Space.IndexOf(path) is { } index && !double.IsNaN(_values[index]);

    /// <summary>Paths and values of the parameters that exist, in the order of the space. <see cref="SearchSpace.Decode"/> reads it back.</summary>
    public JsonObject ToJson() => new(Existing().Select(index => KeyValuePair.Create(Space.Parameters[index].Path, (JsonNode?)Space.Parameters[index].Encode(_values[index]))));

    /// <summary>The configuration as a trial like those of a grid: each value a setting, to be written over a base and shown in tables.</summary>
    /// <param name="index">The trial's number from 0.</param>
    public Trial ToTrial(int index) => new(index, string.Create(CultureInfo.InvariantCulture, $"trial{index + 1}"), [.. Existing().Select(Setting)]);

    /// <summary>Equal for equal configurations of one space, and hardly ever for others.</summary>
    internal ulong Fingerprint()
    {
        var hash = 0UL;
        foreach (var value in _values)
        {
            hash = CounterRandom.Mix(hash ^ BitConverter.DoubleToUInt64Bits(double.IsNaN(value) ? double.NaN : value));
        }

        return hash;
    }

    private IEnumerable<int> Existing() => Enumerable.Range(0, _values.Length).Where(index => !double.IsNaN(_values[index]));

    private Setting Setting(int index) => Space.Parameters[index] is ChoiceParameter choice
        ? new Setting(choice.Dimension, (int)_values[index])
        : new Setting(new Dimension(Space.Parameters[index].Path, [Space.Parameters[index].Encode(_values[index])]), 0);
}
