using CatchUp.Tracking.Database;

namespace CatchUp.Benchmarks.Tracking;

/// <summary>Keeps the leases of running attempts from running out until disposed, as heartbeats of as many workers would: each for itself, so that none waits for the journals of others.</summary>
internal sealed class Heartbeats : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5), Lease = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _ended = new();
    private readonly Task _beating;

    public Heartbeats(TrackingDatabase database, IReadOnlyList<long> runs) => _beating = Task.Run(() => BeatAsync(database, runs));

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _beating;
        _ended.Dispose();
    }

    private async Task BeatAsync(TrackingDatabase database, IReadOnlyList<long> runs)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            do
            {
                foreach (var run in runs)
                {
                    await database.WriteAsync(
                        context => Sql.ExecuteAsync(context, $"UPDATE attempts SET lease_expires_at = {database.Dialect.Now} + @lease WHERE live AND run_id = @run", _ended.Token, ("@lease", Lease.Ticks), ("@run", run)), _ended.Token);
                }
            }
            while (await timer.WaitForNextTickAsync(_ended.Token));
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The load has ended.
        }
    }
}
