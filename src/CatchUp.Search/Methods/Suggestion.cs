using CatchUp.Search.Spaces;

namespace CatchUp.Search.Methods;

/// <summary>What a method says to try, and why.</summary>
/// <param name="Configuration">Null when nothing is left to try; the reason says why.</param>
/// <param name="Reason">Why this one.</param>
public sealed record Suggestion(Configuration? Configuration, ProposalReason Reason);
