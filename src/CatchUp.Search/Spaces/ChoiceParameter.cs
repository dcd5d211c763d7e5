using System.Text.Json.Nodes;

namespace CatchUp.Search.Spaces;

/// <summary>One of a list of values without an order: a dimension of a grid. A list of one is a fixed value.</summary>
public sealed class ChoiceParameter(Dimension dimension, IReadOnlyList<Condition>? when = null) : Parameter(dimension.Path, when)
{
    public Dimension Dimension { get; } = dimension;

    public override long? Count => Dimension.Values.Count;

    public override double ValueAt(long place) => place;

    public override long PlaceOf(double value) => (long)value;

    public override double FromUnit(double unit) => Math.Min(Math.Floor(unit * Dimension.Values.Count), Dimension.Values.Count - 1);

    public override (double From, double To) Cell(double value) => (value / Dimension.Values.Count, (value + 1) / Dimension.Values.Count);

    public override JsonNode Encode(double value) => Dimension.Values[(int)value].DeepClone();

    public override double? Decode(JsonNode? json)
    {
        for (var index = 0; index < Dimension.Values.Count; index++)
        {
            if (JsonNode.DeepEquals(Dimension.Values[index], json))
            {
                return index;
            }
        }

        return null;
    }

    public override JsonNode ToJson()
    {
        var values = new JsonArray([.. Dimension.Values.Select(value => value.DeepClone())]);
        return When.Count == 0 ? values : WithConditions(new JsonObject { ["choice"] = values });
    }

    public override bool Contains(Parameter narrower) => narrower is ChoiceParameter other && other.Dimension.Values.All(value => Decode(value) is not null);
}
