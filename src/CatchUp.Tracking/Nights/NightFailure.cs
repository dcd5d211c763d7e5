using CatchUp.Contracts.Journal;

namespace CatchUp.Tracking.Nights;

/// <summary>Runs that failed for one kind of reason in one sweep.</summary>
/// <param name="Cause">What the latest of them says.</param>
/// <param name="Runs">The latest, twenty at most.</param>
/// <param name="Count">All of them.</param>
public sealed record NightFailure(FailureKind Kind, long SweepId, string SweepName, string Cause, string? Advice, int Count, IReadOnlyList<NightRun> Runs);
