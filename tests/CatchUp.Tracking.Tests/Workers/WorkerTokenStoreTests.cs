using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Tests.Support;
using CatchUp.Tracking.Workers;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Workers;

public sealed class WorkerTokenStoreTests
{
    [Theory, OnBothDatabases]
    public async Task A_token_is_known_by_its_secret_of_which_only_the_hash_is_stored(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var store = world.Get<WorkerTokenStore>();

        var (outcome, token, secret) = await store.CreateAsync("  lab-3 ", TestWorld.Cancellation);

        Assert.Equal((CommandResult.Accepted, "lab-3"), (outcome.Result, token!.Name));
        Assert.Equal(64, secret!["catchup_worker_".Length..].Length);
        var stored = await world.ReadAsync(context => context.WorkerTokens.SingleAsync(TestWorld.Cancellation));
        Assert.Equal(WorkerTokenHash.Of(secret), stored.Hash);
        Assert.Equal(token.Id, (await store.FindAsync(secret, TestWorld.Cancellation))!.Id);
        Assert.Equal(WorkerTokenHash.Fingerprint(secret), token.Fingerprint);

        Assert.Null(await store.FindAsync(secret[..^1] + (secret[^1] == '0' ? '1' : '0'), TestWorld.Cancellation));
        Assert.Null(await store.FindAsync(stored.Hash, TestWorld.Cancellation));
        Assert.Null(await store.FindAsync("", TestWorld.Cancellation));
        var (_, another, other) = await store.CreateAsync("lab-3", TestWorld.Cancellation);
        Assert.NotEqual(secret, other);
        Assert.Equal(another!.Id, (await store.FindAsync(other!, TestWorld.Cancellation))!.Id);
    }

    [Theory, OnBothDatabases]
    public async Task Use_is_noted_and_a_revoked_token_is_worthless(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var store = world.Get<WorkerTokenStore>();
        var (_, token, secret) = await store.CreateAsync("lab-3", TestWorld.Cancellation);
        Assert.Null((await ListedAsync()).LastUsedAt);

        world.Time.Advance(TimeSpan.FromHours(1));
        await store.FindAsync(secret!, TestWorld.Cancellation);
        Assert.Equal(world.Time.GetUtcNow(), (await ListedAsync()).LastUsedAt);

        // Not with every request: a write each would be the dearest part of a small upload.
        world.Time.Advance(TimeSpan.FromSeconds(30));
        await store.FindAsync(secret!, TestWorld.Cancellation);
        Assert.Equal(world.Time.GetUtcNow() - TimeSpan.FromSeconds(30), (await ListedAsync()).LastUsedAt);

        Assert.Equal(CommandResult.Accepted, (await store.RevokeAsync(token!.Id, TestWorld.Cancellation)).Result);
        Assert.Null(await store.FindAsync(secret!, TestWorld.Cancellation));
        Assert.Equal(world.Time.GetUtcNow(), (await ListedAsync()).RevokedAt);
        Assert.Equal(CommandResult.NotFound, (await store.RevokeAsync(token.Id + 1, TestWorld.Cancellation)).Result);

        async Task<WorkerToken> ListedAsync() => Assert.Single(await store.ListAsync(TestWorld.Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("two\nlines")]
    public async Task A_token_without_a_proper_name_is_refused(string name)
    {
        await using var world = await TestWorld.CreateAsync(DatabaseKind.Sqlite);

        var (outcome, token, secret) = await world.Get<WorkerTokenStore>().CreateAsync(name, TestWorld.Cancellation);

        Assert.Equal(CommandResult.Refused, outcome.Result);
        Assert.Null(token);
        Assert.Null(secret);
    }
}
