namespace CatchUp.Tracking.Accounts;

/// <summary>What a script shows instead of a password. Revoking deletes the row.</summary>
internal sealed class ApiTokenEntity
{
    public long Id { get; set; }

    /// <summary>Whose rights it has.</summary>
    public required string Account { get; set; }

    /// <summary>What it is for, in its maker's words.</summary>
    public required string Name { get; set; }

    /// <summary>Of the token; the token itself is shown once and kept nowhere.</summary>
    public required string Sha256 { get; set; }

    public long CreatedAt { get; set; }
}
