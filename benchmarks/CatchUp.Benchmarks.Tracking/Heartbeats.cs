using CatchUp.Tracking.Database;

namespace CatchUp.Benchmarks.Tracking;

/// <summary>Keeps the leases of running attempts from running out until disposed, as their workers' heartbeats would.</summary>
internal sealed class Heartbeats : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5), Lease = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _ended = new();
    private readonly Task _beating;

    public Heartbeats(TrackingDatabase database) => _beating = Task.Run(() => BeatAsync(database));

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _beating;
        _ended.Dispose();
    }

    private async Task BeatAsync(TrackingDatabase database)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            do
            {
                await database.WriteAsync(
                    context => Sql.ExecuteAsync(context, $"UPDATE attempts SET lease_expires_at = {database.Dialect.Now} + @lease WHERE live AND worker = @worker", _ended.Token, ("@lease", Lease.Ticks), ("@worker", Load.Worker)), _ended.Token);
            }
            while (await timer.WaitForNextTickAsync(_ended.Token));
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The load has ended.
        }
    }
}
