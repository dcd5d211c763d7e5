namespace CatchUp.Contracts.Specifications;

/// <summary>One thing wrong in a run specification.</summary>
/// <param name="Path">Dotted path of the key, items of lists as <c>evaluation.nfe[2]</c>.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
/// <param name="Suggestion">The closest right key or value, if one is close.</param>
/// <param name="AtKey">The key itself is wrong, not its value.</param>
public sealed record SpecificationProblem(string Path, string Message, string? Suggestion = null, bool AtKey = false);
