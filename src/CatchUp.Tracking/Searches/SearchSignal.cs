using System.Threading.Channels;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Sweeps;

namespace CatchUp.Tracking.Searches;

/// <summary>Which sweeps have changed since they were last looked at.</summary>
internal sealed class SearchSignal
{
    private readonly Lock _gate = new();
    private readonly HashSet<long> _changed = [];
    private readonly Channel<bool> _told = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Tell(IReadOnlyList<object> news)
    {
        lock (_gate)
        {
            var before = _changed.Count;
            _changed.UnionWith(news.OfType<SweepChanged>().Select(change => (long?)change.SweepId).OfType<long>());
            _changed.UnionWith(news.OfType<RunChanged>().Where(change => change.StateChanged || change.DataArrived).Select(change => (long?)change.SweepId).OfType<long>());
            if (_changed.Count > before)
            {
                _told.Writer.TryWrite(true);
            }
        }
    }

    /// <summary>Waits for a change, but no longer than given, and takes the sweeps that changed.</summary>
    public async Task<IReadOnlyList<long>> TakeAsync(TimeSpan patience, CancellationToken cancellation)
    {
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
        {
            limit.CancelAfter(patience);
            try
            {
                await _told.Reader.ReadAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Nothing was told of; the caller looks by itself.
            }
        }

        lock (_gate)
        {
            long[] taken = [.. _changed];
            _changed.Clear();
            return taken;
        }
    }
}
