using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Reports;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CatchUp.Dashboard.Reports;

/// <summary>A text area for a report. What is not saved is kept in the browser too, for after a crash or a restart of the server.</summary>
public sealed partial class ReportEditor
{
    internal const string Script = "./Reports/ReportEditor.razor.js";

    private ElementReference _area;

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

    protected override long MaximumBytes => 4 * ReportStore.MostCharacters;

    /// <summary>Puts text where the cursor is, on lines of its own.</summary>
    public async Task InsertAsync(string text)
    {
        await Editor.TellAsync("insert", text);
        await FlushAsync();
    }

    /// <summary>This text is stored; unless more was typed meanwhile, the browser need not keep it.</summary>
    public Task SavedAsync(string text) => Editor.TellAsync("saved", text);

    /// <summary>What was typed is given up.</summary>
    public Task ForgetAsync() => Editor.TellAsync("forget");

    [JSInvokable]
    public Task SaveAsync() => Save.InvokeAsync();

    private protected override Task OpenAsync(DotNetObjectReference<TextEditor> self) => Editor.OpenAsync(JavaScript, Script, "attach", _area, self, Text, DraftKey, Version);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        await base.OnAfterRenderAsync(firstRender);
        if (!firstRender)
        {
            await Editor.TellAsync("about", DraftKey, Version);
        }
        else if (await Editor.AskAsync<KeptDraft>("kept") is { } kept && kept.Text != Text)
        {
            await Found.InvokeAsync(kept);
        }
    }
}
