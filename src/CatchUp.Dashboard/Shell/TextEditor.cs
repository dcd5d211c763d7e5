using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CatchUp.Dashboard.Shell;

/// <summary>
/// A text area whose text lives in the browser while it is being typed, so that nothing moves the cursor; it is fetched as a stream when typing
/// pauses, because it may be larger than one SignalR message. The script's object has the functions text, setText, goTo and dispose.
/// </summary>
public abstract class TextEditor : ComponentBase, IAsyncDisposable
{
    private string _known = "";
    private int _goToLine;

    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    /// <summary>Called when typing pauses.</summary>
    [Parameter]
    public EventCallback<string> TextChanged { get; set; }

    /// <summary>The script's side, once it has the text.</summary>
    private protected BrowserObject Editor { get; } = new();

    protected abstract long MaximumBytes { get; }

    [Inject] private protected IJSRuntime JavaScript { get; set; } = null!;

    /// <summary>Puts the cursor on a line and scrolls to it.</summary>
    public async Task GoToLineAsync(int line)
    {
        _goToLine = line;
        if (Editor.IsOpen)
        {
            _goToLine = 0;
            await Editor.TellAsync("goTo", line);
        }
    }

    /// <summary>What is in the text area now, even if typing has not paused yet.</summary>
    public async Task FlushAsync()
    {
        if (await Editor.AskAsync<IJSStreamReference>("text") is not { } reference)
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

    [JSInvokable]
    public Task TypedAsync() => FlushAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Editor.DisposeAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _known = Text;
            await OpenAsync(DotNetObjectReference.Create(this));
            if (_goToLine > 0)
            {
                await GoToLineAsync(_goToLine);
            }
        }
        else if (Editor.IsOpen && Text != _known)
        {
            _known = Text;
            await Editor.TellAsync("setText", Text);
        }
    }

    /// <summary>Opens <see cref="Editor"/>, whose script puts <see cref="Text"/> into the text area.</summary>
    private protected abstract Task OpenAsync(DotNetObjectReference<TextEditor> self);
}
