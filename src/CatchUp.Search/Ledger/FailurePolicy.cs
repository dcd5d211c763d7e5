namespace CatchUp.Search.Ledger;

/// <summary>What becomes of trials that fail.</summary>
/// <param name="Retries">How often a failed trial is tried again with the same configuration.</param>
/// <param name="Replace">Whether one that failed for good does not count as one of the sweep's trials, so that another takes its place; at most as many are replaced as the sweep has trials.</param>
public sealed record FailurePolicy(int Retries = 0, bool Replace = true);
