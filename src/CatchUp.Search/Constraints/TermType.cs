namespace CatchUp.Search.Constraints;

/// <summary>What a part of a constraint is.</summary>
public enum TermType
{
    Number,
    Text,
    Boolean,
}
