using CatchUp.Tracking.Launching;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CatchUp.Dashboard.Sweeps;

/// <summary>
/// A plain monospaced text area with line numbers and marked lines, which offers the keys and values of sweep files and
/// explains them. The text lives in the browser while it is being
/// typed, so that nothing moves the cursor; it is fetched as a stream when typing pauses, because a sweep file may be
/// larger than one SignalR message.
/// </summary>
public sealed partial class YamlEditor
{
    private const string Id = "sweep-yaml";

    private const int VisibleLines = 28;

    private const long MaximumCharacters = 4_000_000;

    private ElementReference _area;
    private ElementReference _gutter;
    private ElementReference _list;
    private ElementReference _help;
    private IJSObjectReference? _module;
    private IJSObjectReference? _editor;
    private DotNetObjectReference<YamlEditor>? _self;
    private string _known = "";
    private string _markedAs = "";
    private int _goToLine;

    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    /// <summary>Called when typing pauses for 250 ms.</summary>
    [Parameter]
    public EventCallback<string> TextChanged { get; set; }

    /// <summary>Lines with a problem, from 1.</summary>
    [Parameter]
    public IReadOnlyCollection<int> ProblemLines { get; set; } = [];

    /// <summary>Puts the cursor on a line and scrolls to it.</summary>
    public async Task GoToLineAsync(int line)
    {
        _goToLine = line;
        if (_editor is not null)
        {
            _goToLine = 0;
            await _editor.InvokeVoidAsync("goTo", line);
        }
    }

    /// <summary>What is in the text area now, even if typing has not paused yet.</summary>
    public async Task FlushAsync()
    {
        if (_editor is not null)
        {
            await FetchAsync();
        }
    }

    [JSInvokable]
    public Task TypedAsync() => FetchAsync();

    /// <summary>What could stand at the cursor.</summary>
    /// <param name="above">The lines that the line stands below.</param>
    [JSInvokable]
    public SweepCompletions Complete(string[] above, string line, int column) => SweepCompletion.At(above ?? [], line ?? "", column);

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
        }

        _self?.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _module = await JavaScript.InvokeAsync<IJSObjectReference>("import", "./Sweeps/YamlEditor.razor.js");
            _self = DotNetObjectReference.Create(this);
            _known = Text;
            _editor = await _module.InvokeAsync<IJSObjectReference>("attach", _area, _gutter, _self, Text, _list, _help);
        }
        else if (_editor is not null && Text != _known)
        {
            _known = Text;
            await _editor.InvokeVoidAsync("setText", Text);
        }

        var marks = string.Join(',', ProblemLines.Order());
        if (_editor is not null && marks != _markedAs)
        {
            _markedAs = marks;
            await _editor.InvokeVoidAsync("mark", ProblemLines);
        }

        if (_editor is not null && _goToLine > 0)
        {
            await GoToLineAsync(_goToLine);
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
            var stream = await reference.OpenReadStreamAsync(MaximumCharacters);
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
