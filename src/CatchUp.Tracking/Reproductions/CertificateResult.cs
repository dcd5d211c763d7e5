namespace CatchUp.Tracking.Reproductions;

public enum CertificateResult
{
    /// <summary>All that both runs recorded is the same to the bit, and nothing is missing.</summary>
    SameBits,

    /// <summary>Something differs, or one of the runs lacks what it should have.</summary>
    Different,

    /// <summary>What could be compared is the same, but something could not be.</summary>
    Partial,

    /// <summary>No difference so far; one of the runs has not ended.</summary>
    Pending,

    /// <summary>There was nothing to compare.</summary>
    Nothing,
}
