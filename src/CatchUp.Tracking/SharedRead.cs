namespace CatchUp.Tracking;

/// <summary>
/// Something that many read at the same moment, because the same news reached all of them: read once for all who ask meanwhile. Whoever asks while
/// it is being read gets the next reading, which begins afterwards, so that nobody is given less than what was stored when they asked.
/// </summary>
/// <param name="read">Nobody's cancellation ends it, for others may wait for it too.</param>
public sealed class SharedRead<T>(Func<Task<T>> read)
{
    private readonly Lock _gate = new();
    private Task<T>? _reading;
    private Task<T>? _next;

    public Task<T> ReadAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            var answer = _next ?? (_reading is null ? _reading = Task.Run(ReadAsync, CancellationToken.None) : _next = AfterAsync(_reading));
            return answer.WaitAsync(cancellation);
        }
    }

    private async Task<T> ReadAsync()
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        finally
        {
            // What was read is theirs who waited for it, and is not kept.
            lock (_gate)
            {
                _reading = null;
            }
        }
    }

    private async Task<T> AfterAsync(Task<T> reading)
    {
        await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            (_reading, _next) = (_next, null);
        }

        return await ReadAsync().ConfigureAwait(false);
    }
}
