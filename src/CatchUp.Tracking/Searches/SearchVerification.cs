namespace CatchUp.Tracking.Searches;

/// <summary>Whether the conclusions in a stored ledger follow from what happened.</summary>
/// <param name="Entries">Entries that were looked at.</param>
/// <param name="Mismatch">Number of the first entry that does not match; null when all do.</param>
/// <param name="Message">What does not match, in words.</param>
public sealed record SearchVerification(long Entries, long? Mismatch, string? Message)
{
    public bool Holds => Mismatch is null;
}
