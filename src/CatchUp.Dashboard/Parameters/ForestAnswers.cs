namespace CatchUp.Dashboard.Parameters;

/// <summary>
/// Computes what forests say, once for the same question, away from whoever asked. A computation that nobody waits for any longer is
/// cancelled. Forests use every processor, so one is grown at a time.
/// </summary>
public sealed class ForestAnswers : IDisposable
{
    private const int Kept = 100;

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);
    private long _clock;

    public void Dispose()
    {
        lock (_entries)
        {
            foreach (var entry in _entries.Values)
            {
                entry.Abandoned.Cancel();
            }
        }

        _turn.Dispose();
    }

    /// <param name="question">The same for the same data and the same computation.</param>
    public async Task<T> AskAsync<T>(string question, Func<CancellationToken, T> compute, CancellationToken cancellation)
        where T : class
    {
        Entry entry;
        lock (_entries)
        {
            if (!_entries.TryGetValue(question, out entry!))
            {
                Trim();
                var abandoned = new CancellationTokenSource();
                entry = new(Task.Run(() => ComputeAsync(compute, abandoned.Token), CancellationToken.None), abandoned);
                _entries[question] = entry;
            }

            entry.Waiting++;
            entry.Used = ++_clock;
        }

        try
        {
            return (T)await entry.Answer.WaitAsync(cancellation);
        }
        finally
        {
            lock (_entries)
            {
                entry.Waiting--;
                if (entry.Waiting == 0 && !entry.Answer.IsCompletedSuccessfully && _entries.GetValueOrDefault(question) == entry)
                {
                    entry.Abandoned.Cancel();
                    _entries.Remove(question);
                }
            }
        }
    }

    private async Task<object> ComputeAsync<T>(Func<CancellationToken, T> compute, CancellationToken cancellation)
        where T : class
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return compute(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Trim()
    {
        if (_entries.Count >= Kept && _entries.Where(pair => pair.Value.Answer.IsCompleted).OrderBy(pair => pair.Value.Used).Select(pair => pair.Key).FirstOrDefault() is { } oldest)
        {
            _entries.Remove(oldest);
        }
    }

    private sealed class Entry(Task<object> answer, CancellationTokenSource abandoned)
    {
        public Task<object> Answer { get; } = answer;

        public CancellationTokenSource Abandoned { get; } = abandoned;

        public int Waiting { get; set; }

        public long Used { get; set; }
    }
}
