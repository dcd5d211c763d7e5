using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Launching;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CatchUp.Dashboard.Sweeps;

/// <summary>A plain monospaced text area with line numbers and marked lines, which offers the keys and values of sweep files and explains them.</summary>
public sealed partial class YamlEditor
{
    private const string Id = "sweep-yaml";

    private const int VisibleLines = 28;

    private ElementReference _area;
    private ElementReference _gutter;
    private ElementReference _list;
    private ElementReference _help;
    private string _markedAs = "";

    /// <summary>Lines with a problem, from 1.</summary>
    [Parameter]
    public IReadOnlyCollection<int> ProblemLines { get; set; } = [];

    protected override long MaximumBytes => 1_000_000;

    /// <summary>What could stand at the cursor.</summary>
    /// <param name="above">The lines that the line stands below.</param>
    [JSInvokable]
    public SweepCompletions Complete(string[] above, string line, int column) => SweepCompletion.At(above ?? [], line ?? "", column);

    private protected override Task OpenAsync(DotNetObjectReference<TextEditor> self) =>
        Editor.OpenAsync(JavaScript, "./Sweeps/YamlEditor.razor.js", "attach", _area, _gutter, self, Text, _list, _help);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        await base.OnAfterRenderAsync(firstRender);
        var marks = string.Join(',', ProblemLines.Order());
        if (Editor.IsOpen && marks != _markedAs)
        {
            _markedAs = marks;
            await Editor.TellAsync("mark", ProblemLines);
        }
    }
}
