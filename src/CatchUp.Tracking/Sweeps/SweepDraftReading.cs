using CatchUp.Contracts.Sweeps;

namespace CatchUp.Tracking.Sweeps;

/// <summary>A sweep file as a form; or why it cannot be one.</summary>
public sealed record SweepDraftReading(SweepDraft? Draft, IReadOnlyList<SweepProblem> Problems);
