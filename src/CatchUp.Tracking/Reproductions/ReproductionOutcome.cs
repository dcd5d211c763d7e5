using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Reproductions;

/// <param name="Outcome">In words.</param>
/// <param name="Run">The run that was queued; null when none was.</param>
/// <param name="AlreadyKnown">The same request had queued it before.</param>
public sealed record ReproductionOutcome(CommandOutcome Outcome, long? Run = null, bool AlreadyKnown = false);
