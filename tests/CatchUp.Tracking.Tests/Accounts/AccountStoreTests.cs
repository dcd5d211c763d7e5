using CatchUp.Tracking.Accounts;
using CatchUp.Tracking.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Accounts;

public sealed class AccountStoreTests
{
    private static CancellationToken Cancellation => TestWorld.Cancellation;

    [Theory, OnBothDatabases]
    public async Task SignIn_takes_the_password_and_nothing_else(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var accounts = world.Get<AccountStore>();
        Assert.Null(await accounts.SignInAsync("admin", "correct horse", Cancellation));
        await accounts.EnsureAdministratorAsync("correct horse", Cancellation);

        Assert.NotNull(await accounts.SignInAsync("admin", "correct horse", Cancellation));
        Assert.Null(await accounts.SignInAsync("admin", "Correct horse", Cancellation));
        Assert.Null(await accounts.SignInAsync("admin", "", Cancellation));
        Assert.Null(await accounts.SignInAsync("root", "correct horse", Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task The_password_is_stored_hashed_with_a_salt(DatabaseKind kind)
    {
        await using var first = await TestWorld.CreateAsync(kind);
        await using var second = await TestWorld.CreateAsync(kind);
        var hashes = new List<string>();
        foreach (var world in new[] { first, second })
        {
            await world.Get<AccountStore>().EnsureAdministratorAsync("correct horse", Cancellation);
            hashes.Add((await world.ReadAsync(context => context.Accounts.SingleAsync(Cancellation))).PasswordHash);
        }

        Assert.All(hashes, hash => Assert.StartsWith("pbkdf2-sha512$210000$", hash, StringComparison.Ordinal));
        Assert.All(hashes, hash => Assert.DoesNotContain("horse", hash, StringComparison.Ordinal));
        Assert.NotEqual(hashes[0], hashes[1]);
    }

    [Theory, OnBothDatabases]
    public async Task Another_password_ends_sessions_and_the_same_one_does_not(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var accounts = world.Get<AccountStore>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => accounts.EnsureAdministratorAsync("first", Cancellation)));
        var stamp = await accounts.SignInAsync("admin", "first", Cancellation);

        await accounts.EnsureAdministratorAsync("first", Cancellation);
        Assert.Equal(stamp, await accounts.StampAsync("admin", Cancellation));

        await accounts.EnsureAdministratorAsync("second", Cancellation);
        Assert.NotEqual(stamp, await accounts.StampAsync("admin", Cancellation));
        Assert.Null(await accounts.SignInAsync("admin", "first", Cancellation));
        Assert.NotNull(await accounts.SignInAsync("admin", "second", Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task A_token_is_known_until_it_is_revoked_and_is_stored_as_a_hash(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var accounts = world.Get<AccountStore>();
        await accounts.EnsureAdministratorAsync("p", Cancellation);
        var (token, secret) = (await accounts.IssueTokenAsync("admin", "nightly script", Cancellation))!.Value;
        var (_, other) = (await accounts.IssueTokenAsync("admin", "another", Cancellation))!.Value;

        Assert.Equal(token, await accounts.FindTokenAsync(secret, Cancellation));
        Assert.NotEqual(secret, other);
        Assert.Null(await accounts.FindTokenAsync(secret[..^1] + (secret[^1] == '0' ? '1' : '0'), Cancellation));
        Assert.Null(await accounts.FindTokenAsync("", Cancellation));
        Assert.DoesNotContain(secret, (await world.ReadAsync(context => context.ApiTokens.ToListAsync(Cancellation))).Select(row => row.Sha256));
        Assert.Equal(["another", "nightly script"], (await accounts.ListTokensAsync(Cancellation)).Select(listed => listed.Name));

        Assert.True(await accounts.RevokeTokenAsync(token.Id, Cancellation));
        Assert.False(await accounts.RevokeTokenAsync(token.Id, Cancellation));
        Assert.Null(await accounts.FindTokenAsync(secret, Cancellation));
        Assert.NotNull(await accounts.FindTokenAsync(other, Cancellation));
    }
}
