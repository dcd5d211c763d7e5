namespace CatchUp.Search.Ledger;

/// <summary>Something was to be written into a ledger that does not follow from what is in it.</summary>
public sealed class LedgerException(string message) : Exception(message);
