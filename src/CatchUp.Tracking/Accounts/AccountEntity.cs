namespace CatchUp.Tracking.Accounts;

/// <summary>Somebody who may sign in. At first there is one, the administrator.</summary>
internal sealed class AccountEntity
{
    public required string Name { get; set; }

    /// <summary>As <see cref="Accounts.PasswordHash"/> writes it.</summary>
    public required string PasswordHash { get; set; }

    public long ChangedAt { get; set; }
}
