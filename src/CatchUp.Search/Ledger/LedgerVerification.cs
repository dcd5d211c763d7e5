namespace CatchUp.Search.Ledger;

/// <summary>Whether a ledger's conclusions follow from what happened.</summary>
/// <param name="Entries">Entries that were looked at.</param>
/// <param name="Mismatch">Number of the first entry that does not match; null when all do.</param>
/// <param name="Message">What does not match, in words.</param>
public sealed record LedgerVerification(long Entries, long? Mismatch, string? Message)
{
    public bool Holds => Mismatch is null;
}
