namespace CatchUp.Tracking.Filters;

/// <param name="Text">What is written when it is taken.</param>
/// <param name="Description">What it means; empty when the text says it.</param>
public sealed record FilterSuggestion(string Text, string Description);
