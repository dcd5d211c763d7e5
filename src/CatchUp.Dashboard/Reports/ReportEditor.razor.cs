using CatchUp.Tracking.Reports;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CatchUp.Dashboard.Reports;

/// <summary>
/// A text area whose text lives in the browser while it is being typed, so that nothing moves the cursor; it is fetched as a stream when
/// typing pauses. What is not saved is kept in the browser too, for after a crash or a restart of the server.
/// </summary>
public sealed partial class ReportEditor
{
    private const long MaximumBytes = 4 * ReportStore.MostCharacters;

    private ElementReference _area;
    private IJSObjectReference? _module;
    private IJSObjectReference? _editor;
    private DotNetObjectReference<ReportEditor>? _self;
    private string _known = "";

    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    /// <summary>Called when typing pauses for 300 ms.</summary>
    [Parameter]
    public EventCallback<string> TextChanged { get; set; }

    /// <summary>Ctrl+S.</summary>
    [Parameter]
    public EventCallback Save { get; set; }

    /// <summary>Under which name what is not saved is kept in the browser.</summary>
    [Parameter, EditorRequired]
    public string DraftKey { get; set; } = "";

    /// <summary>The version that is written over.</summary>
    [Parameter]
    public int Version { get; set; }

    /// <summary>Text that the browser kept and that was not saved; told once, when the editor opens.</summary>
    [Parameter]
    public EventCallback<KeptDraft> Found { get; set; }

    /// <summary>What is in the text area now, even if typing has not paused yet.</summary>
    public async Task FlushAsync()
    {
        if (_editor is not null)
        {
            await FetchAsync();
        }
    }

    /// <summary>Puts text where the cursor is, on lines of its own.</summary>
    public async Task InsertAsync(string text)
    {
        if (_editor is not null)
        {
            await _editor.InvokeVoidAsync("insert", text);
            await FetchAsync();
        }
    }

    public async Task GoToLineAsync(int line)
    {
        if (_editor is not null)
        {
            await _editor.InvokeVoidAsync("goTo", line);
        }
    }

    /// <summary>This text is stored; unless more was typed meanwhile, the browser need not keep it.</summary>
    public async Task SavedAsync(string text)
    {
        if (_editor is not null)
        {
            await _editor.InvokeVoidAsync("saved", text);
        }
    }

    /// <summary>What was typed is given up.</summary>
    public async Task ForgetAsync()
    {
        if (_editor is not null)
        {
            await _editor.InvokeVoidAsync("forget");
        }
    }

    [JSInvokable]
    public Task TypedAsync() => FetchAsync();

    [JSInvokable]
    public Task SaveAsync() => Save.InvokeAsync();

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_editor is not null)
            {
                await _editor.InvokeVoidAsync("dispose");
                await _editor.DisposeAsync();
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
            _module = await JavaScript.InvokeAsync<IJSObjectReference>("import", "./Reports/ReportEditor.razor.js");
            _self = DotNetObjectReference.Create(this);
            _known = Text;
            var kept = await _module.InvokeAsync<KeptDraft?>("kept", DraftKey);
            _editor = await _module.InvokeAsync<IJSObjectReference>("attach", _area, _self, Text, DraftKey, Version);
            if (kept is not null && kept.Text != Text)
            {
                await Found.InvokeAsync(kept);
            }
        }
        else if (_editor is not null)
        {
            if (Text != _known)
            {
                _known = Text;
                await _editor.InvokeVoidAsync("setText", Text);
            }

            await _editor.InvokeVoidAsync("about", DraftKey, Version);
        }
    }

    private async Task FetchAsync()
    {
        if (await _editor!.InvokeAsync<IJSStreamReference?>("text") is not { } reference)
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
