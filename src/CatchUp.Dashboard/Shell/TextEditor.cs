using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CatchUp.Dashboard.Shell;

/// <summary>
/// A text area whose text lives in the browser while it is being typed, so that nothing moves the cursor; it is fetched as a stream when typing
/// pauses, because it may be larger than one SignalR message. The script's object has the functions text, setText, goTo and dispose.
/// </summary>
public abstract class TextEditor : ComponentBase, IAsyncDisposable
{
    private IJSObjectReference? _module;
    private DotNetObjectReference<TextEditor>? _self;
    private string _known = "";
    private int _goToLine;

    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    /// <summary>Called when typing pauses.</summary>
    [Parameter]
    public EventCallback<string> TextChanged { get; set; }

    /// <summary>Null until the script has the text.</summary>
    protected IJSObjectReference? Editor { get; private set; }

    protected abstract string Script { get; }

    protected abstract long MaximumBytes { get; }

    [Inject] private IJSRuntime JavaScript { get; set; } = null!;

    /// <summary>Puts the cursor on a line and scrolls to it.</summary>
    public async Task GoToLineAsync(int line)
    {
        _goToLine = line;
        if (Editor is not null)
        {
            _goToLine = 0;
            await Editor.InvokeVoidAsync("goTo", line);
        }
    }

    /// <summary>What is in the text area now, even if typing has not paused yet.</summary>
    public async Task FlushAsync()
    {
        if (Editor is not null)
        {
            await FetchAsync(Editor);
        }
    }

    [JSInvokable]
    public Task TypedAsync() => FlushAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        try
        {
            if (Editor is not null)
            {
                await Editor.InvokeVoidAsync("dispose");
                await Editor.DisposeAsync();
            }

            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The tab is closed.
        }

        _self?.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _module = await JavaScript.InvokeAsync<IJSObjectReference>("import", Script);
            _self = DotNetObjectReference.Create(this);
            _known = Text;
            Editor = await AttachAsync(_module, _self);
            if (_goToLine > 0)
            {
                await GoToLineAsync(_goToLine);
            }
        }
        else if (Editor is not null && Text != _known)
        {
            _known = Text;
            await Editor.InvokeVoidAsync("setText", Text);
        }
    }

    /// <summary>Puts <see cref="Text"/> into the text area and answers the script's object.</summary>
    protected abstract Task<IJSObjectReference> AttachAsync(IJSObjectReference module, DotNetObjectReference<TextEditor> self);

    private async Task FetchAsync(IJSObjectReference editor)
    {
        if (await editor.InvokeAsync<IJSStreamReference?>("text") is not { } reference)
        {
            return;
        }

        await using (reference)
        {
            var stream = await reference.OpenReadStreamAsync(MaximumBytes);
            using var reader = new StreamReader(stream);
            var text = await reader.ReadToEndAsync();
            if (text != _known)
            {
                _known = text;
                await TextChanged.InvokeAsync(text);
            }
        }
    }
}
