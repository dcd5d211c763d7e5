namespace CatchUp.Search.Ledger;

/// <summary>Why a ledger has nothing to start, or that it has.</summary>
public enum LedgerStanding
{
    /// <summary>There is something to start.</summary>
    Open,

    Paused,

    /// <summary>All that was to be tried is running or done; results are awaited.</summary>
    Full,

    /// <summary>Every trial has its end.</summary>
    Complete,
}
