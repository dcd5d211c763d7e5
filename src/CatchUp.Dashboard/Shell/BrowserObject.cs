using System.Text.Json;
using Microsoft.JSInterop;

namespace CatchUp.Dashboard.Shell;

/// <summary>
/// What a component's script made for it in the browser; it has a function named dispose. The component may be left, or its tab closed, while the
/// browser is asked: then nothing is told to it any more, and what fails on the way is nobody's failure.
/// </summary>
internal sealed class BrowserObject : IAsyncDisposable
{
    private IJSObjectReference? _made;
    private IEnumerable<IDisposable> _lent = [];
    private string? _told;
    private bool _gone;

    /// <summary>It is there and can be told.</summary>
    public bool IsOpen => _made is not null;

    /// <param name="browser">The component's.</param>
    /// <param name="module">The script's address.</param>
    /// <param name="function">That makes it.</param>
    /// <param name="arguments">What can be disposed of them, as the component's own reference, is disposed with it.</param>
    public async Task OpenAsync(IJSRuntime browser, string module, string function, params object?[] arguments)
    {
        _lent = arguments.OfType<IDisposable>();
        try
        {
            var made = await browser.InvokeAsync<IJSObjectReference>(BrowserScript.Call, [module, function, .. arguments]);
            if (_gone)
            {
                await EndAsync(made);
                return;
            }

            _made = made;
        }
        catch (Exception) when (_gone)
        {
            // Left while the browser was asked.
        }
        catch (JSDisconnectedException)
        {
            // The tab is closed.
        }
    }

    /// <summary>Calls one of its functions; nothing while it is not there.</summary>
    public async Task TellAsync(string function, params object?[] arguments)
    {
        if (_made is null)
        {
            return;
        }

        try
        {
            await _made.InvokeVoidAsync(function, arguments);
        }
        catch (Exception) when (_gone)
        {
            // Left while the browser was told.
        }
        catch (JSDisconnectedException)
        {
            // The tab is closed.
        }
    }

    /// <summary>Calls its function "update", unless it would be told again what it was told last: a page is drawn anew far more often than its charts change.</summary>
    public async Task UpdateAsync(params object?[] arguments)
    {
        if (!IsOpen)
        {
            return;
        }

        var words = JsonSerializer.Serialize(arguments);
        if (words != _told)
        {
            _told = words;
            await TellAsync("update", arguments);
        }
    }

    /// <summary>What one of its functions answers; nothing while it is not there.</summary>
    public async Task<T?> AskAsync<T>(string function)
    {
        try
        {
            return _made is null ? default : await _made.InvokeAsync<T?>(function);
        }
        catch (Exception) when (_gone)
        {
            return default;
        }
        catch (JSDisconnectedException)
        {
            return default;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _gone = true;
        if (_made is { } made)
        {
            _made = null;
            try
            {
                await EndAsync(made);
            }
            catch (JSDisconnectedException)
            {
                // The tab is closed.
            }
        }

        foreach (var lent in _lent)
        {
            lent.Dispose();
        }
    }

    private static async Task EndAsync(IJSObjectReference made)
    {
        await made.InvokeVoidAsync("dispose");
        await made.DisposeAsync();
    }
}
