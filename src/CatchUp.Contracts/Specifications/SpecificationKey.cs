using System.Text.Json.Nodes;

namespace CatchUp.Contracts.Specifications;

/// <summary>One key of the run specification: its place, its meaning and the values it takes.</summary>
public sealed record SpecificationKey
{
    /// <summary>Dotted path: <c>training.batchSize</c>; empty for the whole specification.</summary>
    public required string Path { get; init; }

    /// <summary>The path's last segment.</summary>
    public required string Name { get; init; }

    public required KeyKind Kind { get; init; }

    /// <summary>What the items of a list are.</summary>
    public KeyKind? ItemKind { get; init; }

    /// <summary>Smallest value of a number, or of the items of a list of numbers.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>For texts: a whole number is taken as its digits.</summary>
    public bool TakesNumbers { get; init; }

    /// <summary>Smallest number of items of a list.</summary>
    public int MinimumItems { get; init; }

    /// <summary>Largest number of items of a list, or of characters of a text.</summary>
    public int MaximumLength { get; init; } = 64;

    /// <summary>The words a choice, or the items of a list of choices, may be.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The value without a preset, as JSON.</summary>
    public JsonNode? Default { get; init; }

    public string Description { get; init; } = "";

    /// <summary>Keys of a section, in the order they are declared.</summary>
    public IReadOnlyList<SpecificationKey> Keys { get; init; } = [];

    public SpecificationKey? Find(string name) => Keys.FirstOrDefault(key => key.Name == name);
}
