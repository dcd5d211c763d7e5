namespace CatchUp.Search.Constraints;

/// <summary>What is wrong with a constraint's text.</summary>
/// <param name="Position">Character from 0 at which it goes wrong.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
/// <param name="Suggestion">The closest right word, if one is close.</param>
public sealed record ConstraintProblem(int Position, string Message, string? Suggestion = null);
