namespace CatchUp.Contracts.Specifications;

/// <summary>What the value of a key is.</summary>
public enum KeyKind
{
    /// <summary>Holds other keys.</summary>
    Section,

    WholeNumber,

    Number,

    Boolean,

    Text,

    /// <summary>One of a few words.</summary>
    Choice,

    List,
}
