using System.Text.Json.Nodes;

namespace CatchUp.Search.Spaces;

/// <summary>
/// One searched key of the run specification. Its values are numbers inside (a number itself, or the place of a choice in its list)
/// and JSON outside. Every parameter maps the unit interval onto its values so that a uniform number gives its distribution.
/// </summary>
public abstract class Parameter(string path, IReadOnlyList<Condition>? when)
{
    /// <summary>Dotted path into the run specification.</summary>
    public string Path { get; } = path;

    /// <summary>All must hold for the parameter to exist; empty: it always does.</summary>
    public IReadOnlyList<Condition> When { get; } = when ?? [];

    /// <summary>How many values it takes; null for a continuum.</summary>
    public abstract long? Count { get; }

    /// <summary>The value at a place from 0 in the order of a grid.</summary>
    /// <exception cref="InvalidOperationException">The parameter is a continuum.</exception>
    public abstract double ValueAt(long place);

    /// <summary>The place of a value in the order of a grid.</summary>
    public abstract long PlaceOf(double value);

    /// <summary>The value at a point of the unit interval.</summary>
    public abstract double FromUnit(double unit);

    /// <summary>The part of the unit interval that gives a value; of no width in a continuum.</summary>
    public abstract (double From, double To) Cell(double value);

    /// <summary>The middle of a value's part of the unit interval.</summary>
    public double ToUnit(double value)
    {
        var (from, to) = Cell(value);
        return (from + to) / 2;
    }

    /// <summary>The value as the run specification has it; a new node.</summary>
    public abstract JsonNode Encode(double value);

    /// <summary>The value that JSON means; null when it is none of this parameter's.</summary>
    public abstract double? Decode(JsonNode? json);

    /// <summary>The parameter as a sweep file writes it.</summary>
    public abstract JsonNode ToJson();

    /// <summary>Whether every value of the other is one of this parameter's, drawn in the same manner.</summary>
    public abstract bool Contains(Parameter narrower);

    /// <summary>The conditions as a sweep file writes them.</summary>
    private protected JsonObject WithConditions(JsonObject form)
    {
        if (When.Count > 0)
        {
            form["when"] = new JsonObject(When.Select(condition => KeyValuePair.Create(condition.Path, (JsonNode?)new JsonArray([.. condition.Values.Select(value => value.DeepClone())]))));
        }

        return form;
    }
}
