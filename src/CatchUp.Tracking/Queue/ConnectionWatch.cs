namespace CatchUp.Tracking.Queue;

/// <summary>Knows how long this server has had its connections without a break.</summary>
internal sealed class ConnectionWatch(TrackingOptions options, TimeProvider time)
{
    private long? _since;
    private long _last;

    /// <summary>Takes one look. A look that comes much too late means that this process itself stood still, which counts as a break.</summary>
    public bool MayReap(bool connected)
    {
        var now = time.GetTimestamp();
        var stoodStill = _since is not null && time.GetElapsedTime(_last, now) > (3 * options.ReapEvery) + (options.Lease / 2);
        _last = now;
        if (!connected)
        {
            _since = null;
            return false;
        }

        if (_since is null || stoodStill)
        {
            _since = now;
        }

        return time.GetElapsedTime(_since.Value, now) >= options.Lease;
    }
}
