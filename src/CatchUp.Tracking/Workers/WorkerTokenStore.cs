using System.Security.Cryptography;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Workers;

/// <summary>Makes, checks and revokes the tokens with which workers reach artifacts.</summary>
public sealed class WorkerTokenStore
{
    public const int MaximumNameLength = 200;

    /// <summary>Tells a token from other secrets, for those who find one where it should not be.</summary>
    private const string Prefix = "catchup_worker_";

    private const int SecretBytes = 32, MaximumGood = 1000, Listed = 1000;

    private readonly TrackingDatabase _database;
    private readonly TimeProvider _time;

    internal WorkerTokenStore(TrackingDatabase database, TimeProvider time)
    {
        _database = database;
        _time = time;
    }

    /// <returns>The token with its secret, which is told this once; the secret is null where the outcome says why there is none.</returns>
    public async Task<(CommandOutcome Outcome, WorkerToken? Token, string? Secret)> CreateAsync(string name, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(name);
        var wanted = name.Trim();
        if (wanted.Length is 0 or > MaximumNameLength || wanted.Any(char.IsControl))
        {
            return (new CommandOutcome(CommandResult.Refused, $"A token's name has 1 to {MaximumNameLength} characters and no control characters."), null, null);
        }

        var secret = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        var entity = await _database.WriteAsync(
            async context =>
            {
                if (await context.WorkerTokens.CountAsync(token => token.RevokedAt == null, cancellation) >= MaximumGood)
                {
                    return null;
                }

                var token = new WorkerTokenEntity { Name = wanted, Hash = WorkerTokenHash.Of(secret), CreatedAt = _time.GetUtcNow().UtcTicks };
                context.WorkerTokens.Add(token);
                return token;
            },
            cancellation);
        return entity is null
            ? (new CommandOutcome(CommandResult.Refused, $"There are {MaximumGood} tokens already. Revoke those that are not used."), null, null)
            : (new CommandOutcome(CommandResult.Accepted, "Made. The token is shown this once."), Summary(entity), secret);
    }

    /// <summary>Good ones first, then the newest.</summary>
    public Task<IReadOnlyList<WorkerToken>> ListAsync(CancellationToken cancellation) => _database.ReadAsync<IReadOnlyList<WorkerToken>>(
        async context =>
        {
            var tokens = await context.WorkerTokens.OrderBy(token => token.RevokedAt != null).ThenByDescending(token => token.Id).Take(Listed).ToListAsync(cancellation);
            return tokens.ConvertAll(Summary);
        },
        cancellation);

    public Task<CommandOutcome> RevokeAsync(long id, CancellationToken cancellation) => _database.WriteAsync(
        async context =>
        {
            if (await context.WorkerTokens.AsTracking().FirstOrDefaultAsync(token => token.Id == id, cancellation) is not { } token)
            {
                return new CommandOutcome(CommandResult.NotFound, $"There is no token {id}.");
            }

            token.RevokedAt ??= _time.GetUtcNow().UtcTicks;
            return new CommandOutcome(CommandResult.Accepted, $"The token \"{token.Name}\" is revoked: workers that have it reach no artifacts any more.");
        },
        cancellation);

    /// <summary>The good token with that secret, and notes that it was used. Found by its hash, which tells whoever measures the time nothing about a secret.</summary>
    public async Task<WorkerToken?> FindAsync(string secret, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (secret.Length != Prefix.Length + (2 * SecretBytes))
        {
            return null;
        }

        var hash = WorkerTokenHash.Of(secret);
        var found = await _database.ReadAsync(context => context.WorkerTokens.FirstOrDefaultAsync(token => token.Hash == hash && token.RevokedAt == null, cancellation), cancellation);
        if (found is null)
        {
            return null;
        }

        var now = _time.GetUtcNow().UtcTicks;
        if (found.LastUsedAt is not { } last || now - last > TimeSpan.TicksPerMinute)
        {
            await _database.WriteAsync(context => context.WorkerTokens.Where(token => token.Id == found.Id).ExecuteUpdateAsync(set => set.SetProperty(token => token.LastUsedAt, now), cancellation), cancellation);
        }

        return Summary(found);
    }

    internal static Task<int> RevokeAsync(CatchUpContext context, string fingerprint, long now, CancellationToken cancellation) =>
        context.WorkerTokens.Where(token => token.RevokedAt == null && token.Hash.StartsWith(fingerprint)).ExecuteUpdateAsync(set => set.SetProperty(token => token.RevokedAt, now), cancellation);

    private static WorkerToken Summary(WorkerTokenEntity token) =>
        new(token.Id, token.Name, token.Hash[..16], RunSummaries.Time(token.CreatedAt), RunSummaries.Time(token.LastUsedAt), RunSummaries.Time(token.RevokedAt));
}
