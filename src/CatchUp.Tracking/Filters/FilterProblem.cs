namespace CatchUp.Tracking.Filters;

/// <summary>What is wrong with a filter, and where.</summary>
/// <param name="Position">Of its first character, from 0.</param>
/// <param name="Length">Characters that it is about; 0 when something is missing there.</param>
/// <param name="Message">What is wrong and what to write instead.</param>
/// <param name="Suggestion">What was probably meant in place of these characters.</param>
public sealed record FilterProblem(int Position, int Length, string Message, string? Suggestion = null);
