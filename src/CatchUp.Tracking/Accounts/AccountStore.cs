using System.Security.Cryptography;
using System.Text;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Accounts;

/// <summary>Who may sign in, and the tokens of their scripts. Passwords and tokens are stored as hashes only.</summary>
public sealed class AccountStore
{
    /// <summary>The one account there is.</summary>
    public const string Administrator = "admin";

    public const int LongestTokenName = 80;

    /// <summary>More than anybody needs, and few enough for one page.</summary>
    public const int MostTokens = 200;

    private const string TokenPrefix = "cup_";

    // Compared with when the name is unknown, so that the answer takes as long as for a known one.
    private static readonly string NobodysHash = PasswordHash.Make(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

    private readonly TrackingDatabase _database;
    private readonly TimeProvider _time;

    internal AccountStore(TrackingDatabase database, TimeProvider time)
    {
        _database = database;
        _time = time;
    }

    /// <summary>Makes the administrator, or gives it this password if it has another; every session begun with the old one ends.</summary>
    public Task EnsureAdministratorAsync(string password, CancellationToken cancellation) => _database.WriteAsync(
        async context =>
        {
            var account = await context.Accounts.AsTracking().SingleOrDefaultAsync(account => account.Name == Administrator, cancellation);
            if (account is null)
            {
                // Two servers may start at once; the second insert is then nothing, and its password is looked at as any other.
                await Sql.ExecuteAsync(
                    context,
                    "INSERT INTO accounts (name, password_hash, changed_at) VALUES (@name, @hash, @at) ON CONFLICT DO NOTHING",
                    cancellation,
                    ("@name", Administrator), ("@hash", PasswordHash.Make(password)), ("@at", _time.GetUtcNow().UtcTicks));
                account = await context.Accounts.AsTracking().SingleAsync(account => account.Name == Administrator, cancellation);
            }

            if (!PasswordHash.Matches(account.PasswordHash, password))
            {
                (account.PasswordHash, account.ChangedAt) = (PasswordHash.Make(password), _time.GetUtcNow().UtcTicks);
            }

            return true;
        },
        cancellation);

    /// <returns>The stamp of the session, see <see cref="StampAsync"/>; null when name or password is wrong.</returns>
    public async Task<string?> SignInAsync(string name, string password, CancellationToken cancellation)
    {
        var stored = await HashAsync(name, cancellation);
        var matches = PasswordHash.Matches(stored ?? NobodysHash, password);
        return stored is not null && matches ? Stamp(stored) : null;
    }

    /// <summary>Changes with the account's password: a session with another stamp is over.</summary>
    public async Task<string?> StampAsync(string name, CancellationToken cancellation) => await HashAsync(name, cancellation) is { } stored ? Stamp(stored) : null;

    /// <returns>The token and its secret, which cannot be had again; null when there are too many already.</returns>
    public async Task<(ApiToken Token, string Secret)?> IssueTokenAsync(string account, string name, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, LongestTokenName);
        var secret = TokenPrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var entity = new ApiTokenEntity { Account = account, Name = CleanText.Line(name, LongestTokenName), Sha256 = Hash(secret), CreatedAt = _time.GetUtcNow().UtcTicks };
        var issued = await _database.WriteAsync(
            async context =>
            {
                if (await context.ApiTokens.CountAsync(cancellation) >= MostTokens)
                {
                    return false;
                }

                context.ApiTokens.Add(entity);
                await context.SaveChangesAsync(cancellation);
                return true;
            },
            cancellation);
        return issued ? (Read(entity), secret) : null;
    }

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<ApiToken>> ListTokensAsync(CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<ApiToken>>(
        async context => (await context.ApiTokens.OrderByDescending(token => token.Id).ToListAsync(cancellation)).ConvertAll(Read),
        cancellation);

    /// <returns>False when there was no such token.</returns>
    public Task<bool> RevokeTokenAsync(long id, CancellationToken cancellation) => _database.WriteAsync(
        async context => await context.ApiTokens.Where(token => token.Id == id).ExecuteDeleteAsync(cancellation) > 0,
        cancellation);

    /// <returns>Null when it is no token, or no longer one.</returns>
    public async Task<ApiToken?> FindTokenAsync(string secret, CancellationToken cancellation)
    {
        if (secret.Length != TokenPrefix.Length + 64 || !secret.StartsWith(TokenPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        // Looked up by its hash: how long that takes says nothing about the secret.
        var hash = Hash(secret);
        return await _database.ReadAsync(async context => await context.ApiTokens.SingleOrDefaultAsync(token => token.Sha256 == hash, cancellation), cancellation) is { } found ? Read(found) : null;
    }

    private Task<string?> HashAsync(string name, CancellationToken cancellation) => _database.ReadAsync(
        context => context.Accounts.Where(account => account.Name == name).Select(account => account.PasswordHash).SingleOrDefaultAsync(cancellation),
        cancellation);

    private static string Stamp(string stored) => Hash(stored)[..32];

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static ApiToken Read(ApiTokenEntity entity) => new(entity.Id, entity.Account, entity.Name, RunSummaries.Time(entity.CreatedAt));
}
