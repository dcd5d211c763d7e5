namespace CatchUp.Contracts.Specifications;

/// <summary>Describes one key of the run specification: its meaning and the values it takes. The schema, the form, the validation and the documentation are read from it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeyAttribute(string description) : Attribute
{
    public string Description { get; } = description;

    /// <summary>Smallest value allowed, for numbers and for the items of lists of numbers.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    /// <summary>Largest value allowed, for numbers and for the items of lists of numbers.</summary>
    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>Smallest number of items, for lists.</summary>
    public int MinimumItems { get; init; }

    /// <summary>A text that may be written as a whole number: an id.</summary>
    public bool TakesNumbers { get; init; }

    /// <summary>Largest number of items, for lists; or of characters, for texts.</summary>
    public int MaximumLength { get; init; } = 64;
}
