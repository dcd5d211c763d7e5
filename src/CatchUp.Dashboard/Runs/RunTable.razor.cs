using System.Globalization;
using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Runs;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using Microsoft.JSInterop;

namespace CatchUp.Dashboard.Runs;

public sealed partial class RunTable
{
    /// <summary>A selection is a part of the address; more would not fit into one.</summary>
    private const int MaximumSelection = 500;

    private readonly BrowserObject _keys = new();
    private ElementReference _root;
    private Virtualize<Row>? _virtualize;
    private RunsAddress? _shown;
    private Row[] _window = [];
    private int? _total;
    private int _cursor = -1;
    private string? _problem;
    private Dictionary<string, string> _kinds = [];

    private sealed record Row(int Index, RunSummary Run);

    [Parameter, EditorRequired]
    public RunsAddress Address { get; set; } = new();

    [Parameter]
    public EventCallback<RunsAddress> AddressChanged { get; set; }

    /// <summary>The dotted paths that become a column each; null shows all parameters in one column.</summary>
    [Parameter]
    public IReadOnlyList<string>? SweptKeys { get; set; }

    /// <summary>The sweep's name, which the names of its runs need not repeat.</summary>
    [Parameter]
    public string? SweepName { get; set; }

    [Parameter]
    public bool ShowSweep { get; set; } = true;

    /// <summary>The run whose best value is marked.</summary>
    [Parameter]
    public long? BestRun { get; set; }

    [Parameter]
    public string BestTitle { get; set; } = "Best FID";

    [Parameter]
    public string Label { get; set; } = "Runs";

    /// <summary>Shown when there is nothing to list.</summary>
    [Parameter]
    public RenderFragment? Empty { get; set; }

    /// <summary>The key r.</summary>
    [Parameter]
    public EventCallback Retry { get; set; }

    /// <summary>How many runs match, after each reading.</summary>
    [Parameter]
    public EventCallback<int> Counted { get; set; }

    private IReadOnlyList<RunColumn> Columns { get; set; } = [];

    /// <summary>The columns of a list that has none of its own.</summary>
    public static IReadOnlyList<string> UsualOf(IReadOnlyList<string>? sweptKeys, bool showSweep) =>
        [.. RunColumn.Usual.Where(id => (showSweep || id != "sweep") && (sweptKeys is null || id != "parameters")).SelectMany(id => id == "state" && !showSweep && sweptKeys is not null ? sweptKeys.Prepend(id) : [id])];

    private bool AllSelected => _total is { } total and > 0 && Address.Selected.Count >= Math.Min(total, MaximumSelection);

    /// <summary>Reads the rows in sight again. What is shown stays until the new rows are there.</summary>
    public async Task RefreshAsync()
    {
        if (_virtualize is not null)
        {
            await _virtualize.RefreshDataAsync();
            StateHasChanged();
        }
    }

    /// <summary>A key of the list, from the browser. Answers the row to show, or −1.</summary>
    [JSInvokable]
    public async Task<int> KeyAsync(string key)
    {
        switch (key)
        {
            case "j":
            case "k":
                _cursor = Math.Clamp(_cursor + (key == "j" ? 1 : -1), 0, Math.Max((_total ?? 0) - 1, 0));
                StateHasChanged();
                return _cursor;
            case "x" when await AtCursorAsync() is { } run:
                await ToggleAsync(run);
                break;
            case "Enter" when await AtCursorAsync() is { } run:
                Navigation.NavigateTo($"/runs/{run}");
                break;
            case "r" when Address.Selected.Count > 0:
                // Not awaited: its dialog stays open for as long as the user thinks.
                _ = InvokeAsync(Retry.InvokeAsync);
                break;
            case "c" when Address.Selected.Count >= 2:
                Navigation.NavigateTo(RunSelectionBar.ComparisonOf(Address.Selected));
                break;
        }

        return -1;
    }

    public ValueTask DisposeAsync() => _keys.DisposeAsync();

    protected override async Task OnParametersSetAsync()
    {
        var wasShown = _shown;
        _shown = Address with { Selected = [], Pinned = 1 };
        Columns = RunColumn.Parse(Address.Columns ?? UsualOf(SweptKeys, ShowSweep), BestTitle);
        if (wasShown is not null && !SameList(wasShown, _shown) && _virtualize is not null)
        {
            _cursor = -1;
            await _virtualize.RefreshDataAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await _keys.OpenAsync(JavaScript, "./Runs/RunTable.razor.js", "attach", _root, DotNetObjectReference.Create(this));
        }
        else
        {
            await _keys.TellAsync("rendered");
        }
    }

    private static bool SameList(RunsAddress one, RunsAddress other) => one.ToQueryString() == other.ToQueryString();

    /// <summary>What most of the rows in sight have been measured by, column by column.</summary>
    private static Dictionary<string, string> KindsOf(RunTerm[] columns, IReadOnlyList<RunSummary> runs) => columns.OfType<RunTerm.Evaluation>()
        .Select(column => (column.Text, Most: runs.Select(run => run.ValueOf(column).Evaluation?.Fingerprint).OfType<string>().GroupBy(kind => kind).MaxBy(group => group.Count())?.Key))
        .Where(pair => pair.Most is not null)
        .ToDictionary(pair => pair.Text, pair => pair.Most!);

    private bool IsUnlike(RunColumn column, TermValue value) => value.Evaluation is { } evaluation && _kinds.TryGetValue(column.Id, out var most) && most != evaluation.Fingerprint;

    private string? PinClass(int index) => index < Address.Pinned ? "pinned" : null;

    private string? PinStyle(int index) => index < Address.Pinned ? string.Create(CultureInfo.InvariantCulture, $"left:var(--pin-{index})") : null;

    private bool IsSelected(long run) => Address.Selected.Contains(run);

    private async ValueTask<ItemsProviderResult<Row>> ProvideAsync(ItemsProviderRequest request)
    {
        if (RunFilter.Read(Address.Text).Problem is { } wrong)
        {
            (_problem, _total) = ($"The filter cannot be read. {wrong.Message}", null);
            StateHasChanged();
            return new ItemsProviderResult<Row>([], 0);
        }

        try
        {
            RunTerm[] read = [.. Columns.Where(column => column.IsRead).Select(column => column.Term!)];
            var page = await Runs.ListAsync(Address.ToQuery(request.StartIndex, Math.Max(request.Count, 1)) with { Columns = read }, request.CancellationToken);
            _kinds = KindsOf(read, page.Items);
            _window = [.. page.Items.Select((run, index) => new Row(request.StartIndex + index, run))];
            _problem = null;
            if (_total != page.Total)
            {
                _total = page.Total;
                await Counted.InvokeAsync(page.Total);
                StateHasChanged();
            }

            return new ItemsProviderResult<Row>(_window, page.Total);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            _problem = problem.Message;
            StateHasChanged();
            return new ItemsProviderResult<Row>(_window, _total ?? 0);
        }
    }

    private async Task<long?> AtCursorAsync()
    {
        if (_cursor < 0)
        {
            return null;
        }

        if (_window.FirstOrDefault(row => row.Index == _cursor) is { } row)
        {
            return row.Run.Id;
        }

        var page = await Runs.ListAsync(Address.ToQuery(_cursor, 1), CancellationToken.None);
        return page.Items.Count == 0 ? null : page.Items[0].Id;
    }

    private Task ToggleAsync(long run) =>
        AddressChanged.InvokeAsync(Address with { Selected = IsSelected(run) ? [.. Address.Selected.Where(other => other != run)] : [.. Address.Selected.Append(run).TakeLast(MaximumSelection)] });

    private async Task ToggleAllAsync()
    {
        if (Address.Selected.Count > 0)
        {
            await AddressChanged.InvokeAsync(Address with { Selected = [] });
            return;
        }

        var page = await Runs.ListAsync(Address.ToQuery(0, MaximumSelection), CancellationToken.None);
        await AddressChanged.InvokeAsync(Address with { Selected = [.. page.Items.Select(run => run.Id)] });
    }
}
