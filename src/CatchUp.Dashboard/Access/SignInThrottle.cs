using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace CatchUp.Dashboard.Access;

/// <summary>Slows guessing: a few tries at once for each address, then one every ten seconds; and few at the same time for all, because each costs a core for a while.</summary>
internal sealed class SignInThrottle : IDisposable
{
    public const int TriesAtOnce = 10;

    private readonly PartitionedRateLimiter<IPAddress> _tries = PartitionedRateLimiter.Create<IPAddress, string>(static address => RateLimitPartition.GetTokenBucketLimiter(
        Block(address),
        static _ => new TokenBucketRateLimiterOptions { TokenLimit = TriesAtOnce, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromSeconds(10), QueueLimit = 0 }));

    private readonly ConcurrencyLimiter _together = new(new ConcurrencyLimiterOptions { PermitLimit = 2, QueueLimit = 20, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    /// <returns>What to hold while trying; null when it is too soon.</returns>
    public async Task<IDisposable?> EnterAsync(IPAddress? address, CancellationToken cancellation)
    {
        using var attempt = _tries.AttemptAcquire(address ?? IPAddress.None);
        if (!attempt.IsAcquired)
        {
            return null;
        }

        var turn = await _together.AcquireAsync(1, cancellation);
        if (turn.IsAcquired)
        {
            return turn;
        }

        turn.Dispose();
        return null;
    }

    public void Dispose()
    {
        _tries.Dispose();
        _together.Dispose();
    }

    /// <summary>Whoever has one address of IPv6 has the whole /64.</summary>
    private static string Block(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
