using Microsoft.AspNetCore.Components;

namespace CatchUp.Dashboard.Live;

/// <summary>
/// A component whose data is read from the stores, and read again when news concerns it. Implement <see cref="LoadAsync"/>; set
/// fields there, never touch the page. A failed first load sets <see cref="LoadError"/>; later failures keep what is shown.
/// </summary>
public abstract partial class LiveComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private IDisposable? _subscription;
    private Task _reading = Task.CompletedTask;
    private Task? _next;
    private TaskCompletionSource _drawn = new();

    /// <summary>The first load has ended, well or not.</summary>
    protected bool Loaded { get; private set; }

    /// <summary>Why nothing can be shown; null when there is something.</summary>
    protected string? LoadError { get; private set; }

    /// <summary>Cancelled when the component goes.</summary>
    protected CancellationToken Leaving => _left.Token;

    /// <summary>The safety net: read again after this long without news.</summary>
    protected virtual TimeSpan RefreshEvery => TimeSpan.FromSeconds(20);

    /// <summary>However much news comes, it is not read again sooner.</summary>
    protected virtual TimeSpan AtMostEvery => ChangeFeed.Throttle;

    [Inject] private ChangeFeed Feed { get; set; } = null!;

    [Inject] private ILoggerFactory LoggerFactory { get; set; } = null!;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether the news may change what is shown. Called on another thread, of all news: read fields, and at most note in one that there was some.</summary>
    protected abstract bool Concerns(Change change);

    /// <summary>Whether the news is progress that may be shown a moment later, with all of its kind: for pages that tell of many runs. Called as <see cref="Concerns"/>, of what does not concern it.</summary>
    protected virtual bool Progresses(Change change) => false;

    /// <summary>Reads what is shown. Runs on the component's own dispatcher; it is drawn afterwards.</summary>
    protected abstract Task LoadAsync(CancellationToken cancellation);

    protected override async Task OnInitializedAsync()
    {
        if (Leaving.IsCancellationRequested)
        {
            // Left while it was still beginning: nobody would end the subscription.
            return;
        }

        // Subscribed before the first read, so that nothing falls between the two.
        _subscription = Feed.Subscribe(Concerns, _ => InvokeAsync(ShowNewsAsync), RefreshEvery, AtMostEvery, Progresses);
        await ReloadAsync();
    }

    /// <summary>
    /// Reads again and draws: after a command, or when parameters changed. While it is being read already, it is read once more when that has ended, however often that
    /// is asked for: of two readings at a time the older could come last. Never wait for it in <see cref="LoadAsync"/>.
    /// </summary>
    protected Task ReloadAsync() => _reading.IsCompleted ? _reading = ReadAsync() : _next ??= AfterThisAsync();

    /// <summary>Called when the browser says that it has drawn: what comes faster than that would queue up on the way to it.</summary>
    protected sealed override void OnAfterRender(bool firstRender) => _drawn.TrySetResult();

    private async Task ShowNewsAsync()
    {
        await ReloadAsync();
        await _drawn.Task;
    }

    private async Task AfterThisAsync()
    {
        await _reading;
        _next = null;
        await ReloadAsync();
    }

    private async Task ReadAsync()
    {
        if (Leaving.IsCancellationRequested)
        {
            return;
        }

        try
        {
            await LoadAsync(Leaving);
            LoadError = null;
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            return;
        }
#pragma warning disable CA1031 // Whatever a store throws, the page says that it could not be read and stays usable.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            Log.LoadFailed(LoggerFactory.CreateLogger(GetType()), problem);
            if (!Loaded)
            {
                LoadError = $"{problem.GetType().Name}: {problem.Message}";
            }
        }

        Loaded = true;
        if (!Leaving.IsCancellationRequested)
        {
            if (_drawn.Task.IsCompleted)
            {
                _drawn = new TaskCompletionSource();
            }

            StateHasChanged();
        }
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_left.IsCancellationRequested)
        {
            _left.Cancel();
            _subscription?.Dispose();
            _drawn.TrySetResult();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "What the page shows could not be read.")]
        public static partial void LoadFailed(ILogger logger, Exception problem);
    }
}
