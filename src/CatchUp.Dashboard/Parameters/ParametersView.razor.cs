using CatchUp.Dashboard.Compare;
using CatchUp.Dashboard.Runs;
using CatchUp.Dashboard.Shell;
using CatchUp.Statistics.Importance;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Runs;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CatchUp.Dashboard.Parameters;

public sealed partial class ParametersView
{
    /// <summary>A selection is a part of the address; more would not fit into one.</summary>
    private const int MostSelected = 500;

    private const int UsualAxes = 12;

    private readonly BrowserObject _charts = new();
    private ElementReference _root;
    private IReadOnlyList<int> _chosen = [];
    private IReadOnlyList<ParameterAxis> _drawn = [];
    private IReadOnlyList<IGrouping<string, RunTerm>> _terms = [];
    private ParameterImportance? _importance;
    private string? _loaded;
    private string? _looked;
    private bool _opening;
    private bool _pushing;
    private bool _table;

    [Parameter, EditorRequired]
    public ParameterSet Set { get; set; } = ParameterSet.Nothing;

    [Parameter, EditorRequired]
    public ParametersAddress State { get; set; } = new();

    [Parameter]
    public EventCallback<ParametersAddress> StateChanged { get; set; }

    /// <summary>Which runs were read.</summary>
    [Parameter, EditorRequired]
    public RunQuery Query { get; set; } = new();

    /// <summary>The list that they are in, to select them there.</summary>
    [Parameter]
    public RunsAddress ListAddress { get; set; } = new();

    [Parameter]
    public KnownTerms Known { get; set; } = KnownTerms.None;

    private bool Comparable => _chosen.Count is >= 2 and <= ComparePage.MaximumRuns;

    private IEnumerable<long> ChosenIds => _chosen.Select(place => Set.Runs[place].Id);

    private string SelectionAddress => "/runs" + (ListAddress with { Selected = [.. ChosenIds.Take(MostSelected)] }).ToQueryString();

    private ParameterAxis X => Set.Find(State.X) ?? _drawn.FirstOrDefault(axis => axis.Kind != AxisKind.Categories && axis != Set.Value) ?? _drawn[0];

    private ParameterAxis Y => Set.Find(State.Y) ?? Set.Value;

    private ParameterAxis Colour => Set.Find(State.Colour) ?? Set.Value;

    /// <summary>What a forest says; null while it grows and when it cannot tell.</summary>
    private ParameterImportance? Told => _importance is { NotEnough: null } told ? told : null;

    /// <summary>The axes that are drawn, and those on which something is chosen without being drawn.</summary>
    private IReadOnlyList<ParameterAxis> BrushAxes => [.. _drawn, .. State.Brush.Parts.Select(part => Set.Find(part.Axis)).OfType<ParameterAxis>().Except(_drawn)];

    private string? Unseen => State.Brush.Parts.Where(part => Set.Find(part.Axis) is null).Select(part => part.Axis).ToList() is { Count: > 0 } axes
        ? $"Nothing is chosen by {string.Join(", ", axes)}: these runs do not differ in it." : null;

    private string? Sliced => Set.Runs.Count > 2000 ? "Of many runs some 2,000 are drawn in each plot; the forest knows all." : null;

    private IEnumerable<(string Label, string Id, Func<string?, Task> Choose)> Scatters =>
    [
        ("x", X.Id, id => StateChanged.InvokeAsync(State with { X = id, LogX = null })),
        ("y", Y.Id, id => StateChanged.InvokeAsync(State with { Y = id == ParameterAxis.MeasureId ? null : id, LogY = null })),
        ("colour", Colour.Id, id => StateChanged.InvokeAsync(State with { Colour = id == ParameterAxis.MeasureId ? null : id })),
    ];

    /// <summary>What was dragged on an axis; nothing at all chooses any.</summary>
    [JSInvokable]
    public Task BrushedAsync(string id, double? from, double? to, int[]? categories)
    {
        if (Set.Find(id) is not { } axis)
        {
            return Task.CompletedTask;
        }

        List<string>? words = categories is null ? null : [.. categories.Where(place => place >= 0 && place < axis.Categories.Count).Order().Select(place => axis.Categories[place])];
        return BrushAsync(words is { Count: 0 } || words?.Count == axis.Categories.Count ? State.Brush.Without(id) : State.Brush.With(new(id, from, to, words)));
    }

    /// <summary>A run as the pointer's note tells it.</summary>
    [JSInvokable]
    public object TellAsync(int run)
    {
        if (run < 0 || run >= Set.Runs.Count)
        {
            return new { Title = "", Rows = Array.Empty<string[]>() };
        }

        var value = Set.Runs[run].Values[0]!.Value;
        string[][] rows = [[Set.Value.Name, Figures.WithInterval(value.Value, value.Low, value.High)], .. _drawn.Where(axis => axis != Set.Value).Concat(Set.Others).Select(axis => new[] { axis.Name, axis.TextOf(axis.Places[run]) })];
        return new { Title = Set.Runs[run].Name, Rows = rows };
    }

    public ValueTask DisposeAsync() => _charts.DisposeAsync();

    protected override void OnParametersSet()
    {
        _chosen = Set.Chosen(State.Brush);
        var asked = State.Axes is { } ids ? [.. ids.Select(id => Set.Axes.FirstOrDefault(axis => axis.Id == id)).OfType<ParameterAxis>()] : Set.UsualAxes(UsualAxes);
        _drawn = [.. asked.Count == 0 ? Set.UsualAxes(UsualAxes) : asked, Set.Value];
        _terms = [.. MeasureChoice.Choices(Known).Concat(Set.Others.Select(other => ("In this address", RunFilter.ReadTerm(other.Id).Term!)))
            .Where(pair => pair.Item2 != Set.Measure).DistinctBy(pair => pair.Item2.Text).GroupBy(pair => pair.Item1, pair => pair.Item2)];
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_opening)
        {
            _opening = true;
            await _charts.OpenAsync(Script, "./Parameters/ParametersView.razor.js", "open", _root, DotNetObjectReference.Create(this));
        }

        await PushAsync();
    }

    private static string ValueWords(MarginalPrediction value) => value.From.IsMissing ? ParameterAxis.Missing
        : value.From == value.To ? Words(value.From) : $"{Words(value.From)} to {Words(value.To)}";

    private static string Words(FeatureValue value) => value.Number is { } number ? Figures.Number(number) : value.ToString();

    private static bool CanBeLogarithmic(ParameterAxis axis) => axis is { Kind: not AxisKind.Categories, Low: > 0 };

    private static bool IsLogarithmic(ParameterAxis axis, bool? chosen) => CanBeLogarithmic(axis) && (chosen ?? axis.Kind == AxisKind.Logarithmic);

    private string Worded(int rank) => Set.BestFirst.Count == 0 ? ParameterAxis.Missing : Figures.Number(Set.Value.Places[Set.BestFirst[Math.Clamp(rank, 0, Set.BestFirst.Count - 1)]], 4);

    private Task BrushAsync(ParameterBrush brush) => StateChanged.InvokeAsync(State with { Brush = brush });

    private Task ShowAsync(ParameterAxis axis, bool show)
    {
        List<ParameterAxis> keys = [.. _drawn.Where(other => other != Set.Value && other != axis)];
        List<ParameterAxis> wanted = show ? [.. keys, axis] : keys;
        return wanted.Count == 0 ? Task.CompletedTask : StateChanged.InvokeAsync(State with { Axes = [.. Set.Axes.Where(wanted.Contains).Select(other => other.Id)] });
    }

    /// <summary>Sends the browser what it does not have.</summary>
    private async Task PushAsync()
    {
        if (!_charts.IsOpen || _pushing)
        {
            return;
        }

        _pushing = true;
        try
        {
            while (_charts.IsOpen)
            {
                var (set, version) = (Set, $"{Set.Measure}/{Set.Version}/{string.Join(',', Set.Others.Select(axis => axis.Id))}");
                var places = set.All.Index().ToDictionary(pair => pair.Item.Id, pair => pair.Index);
                var view = new Look(
                    [.. _drawn.Select(axis => places[axis.Id])],
                    [.. State.Brush.Parts.Where(part => places.ContainsKey(part.Axis)).Select(part => Part(set, places[part.Axis], part))],
                    places[X.Id],
                    places[Y.Id],
                    places[Colour.Id],
                    State.LogX,
                    State.LogY,
                    [.. (Told?.Keys ?? []).Where(key => places.ContainsKey(key.Key)).Select(key => new Slice(places[key.Key], Points(set.Find(key.Key)!, key.Marginals)))]);
                var look = System.Text.Json.JsonSerializer.Serialize(view);
                if (version == _loaded && look == _looked)
                {
                    break;
                }

                if (version != _loaded)
                {
                    var columns = set.All.Select(axis => new Column(axis.Id, axis.Name, axis.Kind switch { AxisKind.Categories => "categories", AxisKind.Logarithmic => "log", _ => "linear" }, axis.Low, axis.High, axis.Categories));
                    await _charts.TellAsync("load", new { Columns = columns, set.Runs.Count, Value = set.Axes.Count, set.LargerIsBetter }, set.Bytes);
                }

                (_loaded, _looked) = (version, look);
                await _charts.TellAsync("look", view);
            }
        }
        finally
        {
            _pushing = false;
        }
    }

    private static Chosen Part(ParameterSet set, int column, BrushPart part) =>
        new(column, part.From, part.To, part.Categories is { } words ? [.. set.Find(part.Axis)!.Categories.Index().Where(word => words.Contains(word.Item)).Select(word => word.Index)] : null);

    private static double[][] Points(ParameterAxis axis, IReadOnlyList<MarginalPrediction> marginals) =>
        [.. marginals.Select(value => new[] { axis.PlaceOf(value.From), axis.PlaceOf(value.To), value.Mean, value.Deviation }).Where(point => point.All(double.IsFinite))];

    private sealed record Column(string Id, string Name, string Kind, double Low, double High, IReadOnlyList<string> Categories);

    private sealed record Look(int[] Axes, Chosen[] Brush, int X, int Y, int Colour, bool? LogX, bool? LogY, Slice[] Slices);

    private sealed record Chosen(int Column, double? From, double? To, int[]? Values);

    /// <param name="Points">From, to, mean and deviation of each value.</param>
    private sealed record Slice(int Column, double[][] Points);
}
