using CatchUp.Dashboard.Shell;
using Microsoft.JSInterop;

namespace CatchUp.Dashboard.Tests.Shell;

public sealed class BrowserObjectTests : IAsyncDisposable
{
    private readonly Browser _browser = new();
    private readonly BrowserObject _object = new();

    public ValueTask DisposeAsync() => _object.DisposeAsync();

    [Fact]
    public async Task What_was_made_is_told_and_ended_with_what_was_lent_to_it()
    {
        using var lent = new Lent();
        await _object.TellAsync("update", 0);
        await _object.OpenAsync(_browser, "./chart.js", "chart", lent, "host");
        Assert.True(_object.IsOpen);

        await _object.TellAsync("update", 1);
        Assert.Equal("answer of since", await _object.AskAsync<string>("since"));
        await _object.DisposeAsync();
        await _object.DisposeAsync();
        await _object.TellAsync("update", 2);

        Assert.Equal(["catchup.call(./chart.js, chart, lent, host)", "update(1)", "since()", "dispose()", "gone: object"], _browser.Calls);
        Assert.True(lent.IsDisposed);
        Assert.False(_object.IsOpen);
        Assert.Null(await _object.AskAsync<string>("since"));
    }

    [Fact]
    public async Task What_is_made_for_a_component_that_was_left_meanwhile_is_ended()
    {
        var waiting = _browser.Wait = new TaskCompletionSource();
        var opening = _object.OpenAsync(_browser, "./chart.js", "chart");
        await _object.DisposeAsync();

        waiting.SetResult();
        await opening;

        Assert.False(_object.IsOpen);
        Assert.Equal(["catchup.call(./chart.js, chart)", "dispose()", "gone: object"], _browser.Calls);
    }

    [Fact]
    public async Task A_failure_counts_only_while_somebody_is_there()
    {
        _browser.Failure = new JSException("The element is gone.");
        await Assert.ThrowsAsync<JSException>(() => _object.OpenAsync(_browser, "./chart.js", "chart"));

        var waiting = _browser.Wait = new TaskCompletionSource();
        var opening = _object.OpenAsync(_browser, "./chart.js", "chart");
        await _object.DisposeAsync();
        waiting.SetResult();
        await opening;
    }

    [Fact]
    public async Task A_tab_that_is_closed_is_no_failure()
    {
        await _object.OpenAsync(_browser, "./chart.js", "chart");
        _browser.Failure = new JSDisconnectedException("The tab is closed.");

        await _object.TellAsync("update");
        Assert.Null(await _object.AskAsync<string>("since"));
        await _object.DisposeAsync();
        await using var later = new BrowserObject();
        await later.OpenAsync(_browser, "./chart.js", "chart");
        Assert.False(later.IsOpen);
    }

    private sealed class Lent : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;

        public override string ToString() => "lent";
    }

    /// <summary>Answers as a browser would whose module makes one object.</summary>
    private sealed class Browser : IJSRuntime
    {
        public List<string> Calls { get; } = [];

        public Exception? Failure { get; set; }

        /// <summary>What every answer waits for.</summary>
        public TaskCompletionSource? Wait { get; set; }

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => AnswerAsync<TValue>(identifier, args);

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => AnswerAsync<TValue>(identifier, args);

        private async ValueTask<TValue> AnswerAsync<TValue>(string identifier, object?[]? args)
        {
            Calls.Add($"{identifier}({string.Join(", ", args ?? [])})");
            if (Wait is { } wait)
            {
                await wait.Task;
            }

            if (Failure is { } failure)
            {
                throw failure;
            }

            object? answer = identifier switch
            {
                "catchup.call" => new Reference(this),
                "since" => $"answer of {identifier}",
                _ => null,
            };
            return (TValue)answer!;
        }

        private sealed class Reference(Browser browser) : IJSObjectReference
        {
            public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => browser.AnswerAsync<TValue>(identifier, args);

            public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => browser.AnswerAsync<TValue>(identifier, args);

            public ValueTask DisposeAsync()
            {
                browser.Calls.Add("gone: object");
                return ValueTask.CompletedTask;
            }
        }
    }
}
