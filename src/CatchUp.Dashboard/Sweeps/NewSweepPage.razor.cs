using CatchUp.Contracts.Presets;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Sweeps;
using CatchUp.Dashboard.Access;
using CatchUp.Dashboard.Shell;
using CatchUp.Hosting.Bus;
using CatchUp.Tracking.Launching;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Sweeps;
using MassTransit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using MudBlazor;

namespace CatchUp.Dashboard.Sweeps;

/// <summary>
/// The sweep file is the truth: the form is a reading of it, and every change of the form writes it anew. What is launched
/// is exactly the text that was checked.
/// </summary>
public sealed partial class NewSweepPage : IAsyncDisposable
{
    private static readonly Crumb[] Trail = [new("Sweeps", "/sweeps")];
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _left = new();
    private readonly BrowserObject _kept = new();
    private CancellationTokenSource? _typing;
    private YamlEditor? _editor;
    private string _text = "";
    private string _source = "";
    private string _startText = "";
    private SweepDraft? _draft;
    private IReadOnlyList<SweepProblem> _formProblems = [];
    private SweepPlan? _plan;
    private SweepOutlook? _outlook;
    private IReadOnlyDictionary<string, TimeSpan> _costs = new Dictionary<string, TimeSpan>();
    private StoredDraft? _offered;
    private Guid _requestId;
    private string? _requestedText;
    private string? _note;
    private string? _loadProblem;
    private string? _launchProblem;
    private int _goToLine;
    private bool _restored;
    private bool _ready;
    private bool _yaml;
    private bool _launching;

    [Inject] private IJSRuntime JavaScript { get; set; } = null!;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    [Inject] private SweepPlanner Planner { get; set; } = null!;

    [Inject] private SweepOutlooks Outlooks { get; set; } = null!;

    [Inject] private ReadySweeps Ready { get; set; } = null!;

    [Inject] private IDialogService Dialogs { get; set; } = null!;

    [Inject] private SweepStore SweepList { get; set; } = null!;

    [Inject] private RunStore Runs { get; set; } = null!;

    [Inject] private IBus Bus { get; set; } = null!;

    [Inject] private AuthenticationStateProvider Session { get; set; } = null!;

    [Inject] private TimeProvider Time { get; set; } = null!;

    [Inject] private BrowserClock Clock { get; set; } = null!;

    [Inject] private ISnackbar Snackbar { get; set; } = null!;

    private IReadOnlyCollection<int> ProblemLines => _plan is null ? [] : [.. _plan.Problems.Select(problem => problem.Line).Where(line => line > 0).Distinct()];

    [JSInvokable]
    public async Task LaunchFromKeyboardAsync()
    {
        await LaunchAsync();
        StateHasChanged();
    }

    public async ValueTask DisposeAsync()
    {
        await _left.CancelAsync();
        _typing?.Dispose();
        _left.Dispose();
        await _kept.DisposeAsync();
    }

    protected override async Task OnInitializedAsync()
    {
        await _kept.OpenAsync(JavaScript, "./Sweeps/NewSweepPage.razor.js", "attach", DotNetObjectReference.Create(this));
        if (_left.IsCancellationRequested)
        {
            return;
        }

        await OpenAsync();
        await MeasureAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_goToLine > 0 && _yaml && _editor is not null)
        {
            var line = _goToLine;
            _goToLine = 0;
            await _editor.GoToLineAsync(line);
        }
    }

    private async Task OpenAsync()
    {
        var query = new AddressQuery(Navigation.Uri);
        _yaml = query.Value("tab") == "yaml";
        var stored = await _kept.AskAsync<StoredDraft>("read");
        string? from = null;
        if (query.Value("fromSweep") is { } fromSweep)
        {
            if (!long.TryParse(fromSweep, out var id) || await SweepList.FindAsync(id, _left.Token) is not { } sweep)
            {
                _loadProblem = $"There is no sweep {fromSweep}. It may have been deleted.";
                return;
            }

            from = sweep.Document;
            _note = $"A copy of the file of sweep {sweep.Summary.Name}.";
        }
        else if ((query.Value("fromRun") ?? query.Value("evaluate")) is { } fromRun)
        {
            if (!long.TryParse(fromRun, out var id) || await Runs.FindAsync(id, _left.Token) is not { } run)
            {
                _loadProblem = $"There is no run {fromRun}. It may have been deleted.";
                return;
            }

            var copy = query.Value("fromRun") is not null;
            from = (copy ? SweepDraft.FromRun(run) : SweepDraft.EvaluationOf(run)).ToYaml();
            _note = copy ? $"A copy of run {run.Summary.Name}." : $"Evaluates the last snapshot of run {run.Summary.Name}. The results join those of that run.";
        }

        if (from is null && query.Value("ready") is { } name && Ready.Find(name) is { } ready)
        {
            from = ready.Document;
            _note = $"A copy of the ready experiment {ready.Name}.";
        }

        var fresh = from ?? FreshDraft(query.Value("preset")).ToYaml();
        if (from is null && query.Value("preset") is null && stored is not null)
        {
            _restored = true;
            _note = $"This is your unsaved draft, last edited {Figures.Relative(stored.SavedAt, Time.GetUtcNow())} ({Clock.Exact(stored.SavedAt)}).";
            _startText = fresh;
            UseRequest(stored);
            await UseTextAsync(stored.Text);
        }
        else
        {
            if (stored is not null && stored.Text != fresh)
            {
                _offered = stored;
                _note = $"{_note} There is also an unsaved draft, last edited {Figures.Relative(stored.SavedAt, Time.GetUtcNow())}: editing this one replaces it.".TrimStart();
            }

            _startText = fresh;
            await UseTextAsync(fresh);
        }

        _ready = true;
    }

    private static SweepDraft FreshDraft(string? preset) => new()
    {
        Name = "new-sweep",
        Preset = preset is not null && PresetCatalog.Find(preset) is not null ? preset : PresetCatalog.All.Count > 0 ? PresetCatalog.All[0].Name : "",
    };

    private void UseRequest(StoredDraft stored)
    {
        if (stored.RequestId is { } request)
        {
            (_requestId, _requestedText) = (request, stored.Text);
        }
    }

    private async Task RestoreOfferedAsync()
    {
        if (_offered is { } stored)
        {
            (_offered, _note, _restored) = (null, null, true);
            UseRequest(stored);
            await UseTextAsync(stored.Text);
        }
    }

    private async Task StartAfreshAsync()
    {
        CloseNote();
        await _kept.TellAsync("forget");
        _startText = FreshDraft(null).ToYaml();
        await UseTextAsync(_startText);
    }

    private Task UseReadyAsync(ReadySweep ready) => ReplaceAsync(ready.Document, $"A copy of the ready experiment {ready.Name}.");

    private async Task ImportAsync()
    {
        if (await ImportDialog.AskAsync(Dialogs) is { } document)
        {
            await ReplaceAsync(document, "An imported search. What could not be kept is written at its head.");
            await ShowAsync(yaml: true);
        }
    }

    /// <summary>Another file as the draft. What was typed before can be had back.</summary>
    private async Task ReplaceAsync(string document, string note)
    {
        await TakeTypedAsync();
        _offered = _text == _startText ? null : new StoredDraft(_text, _requestedText == _text ? _requestId : null, Time.GetUtcNow());
        (_note, _restored) = (_offered is null ? note : $"{note} The draft before it can be opened again.", false);
        await UseTextAsync(document);
        await KeepAsync();
    }

    /// <summary>How long runs of the presets take here, for their cards; nothing waits for it.</summary>
    private async Task MeasureAsync()
    {
        try
        {
            var runs = PresetCatalog.All.ToDictionary(preset => preset.Name, preset => SpecificationMerge.FromPreset(preset));
            var costs = await Outlooks.CostsAsync(runs, _left.Token);
            _costs = costs.ToDictionary(cost => cost.Key, cost => cost.Value.Length);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private void CloseNote() => (_note, _offered, _restored) = (null, null, false);

    private async Task ShowAsync(bool yaml)
    {
        if (!yaml)
        {
            await TakeTypedAsync();
            _editor = null;
        }

        _yaml = yaml;
        Navigation.Amend("tab", yaml ? "yaml" : null);
    }

    /// <summary>Takes what was typed into the editor just now. A reference to a component outlives the component: only the tab says whether it is there.</summary>
    private Task TakeTypedAsync() => _yaml && _editor is not null ? _editor.FlushAsync() : Task.CompletedTask;

    private async Task YamlTypedAsync(string text)
    {
        ReadForm(text);
        await KeepAsync();
        await PlanSoonAsync(TimeSpan.FromMilliseconds(50));
    }

    private async Task DraftTypedAsync(SweepDraft draft)
    {
        // Always from the file as it was last written by hand: what a half-typed row made of it in between is no loss.
        _draft = draft;
        _text = draft.ToYaml(_source);
        await KeepAsync();
        await PlanSoonAsync(TimeSpan.FromMilliseconds(250));
    }

    private async Task UseTextAsync(string text)
    {
        ReadForm(text);
        await PlanSoonAsync(TimeSpan.Zero);
    }

    private void ReadForm(string text)
    {
        (_text, _source) = (text, text);
        var reading = SweepDraft.FromYaml(text);
        (_draft, _formProblems) = (reading.Draft, reading.Problems);
    }

    private async Task KeepAsync()
    {
        if (_text == _startText)
        {
            await _kept.TellAsync("forget");
        }
        else
        {
            await _kept.TellAsync("keep", new StoredDraft(_text, _requestedText == _text ? _requestId : null, Time.GetUtcNow()));
        }
    }

    /// <summary>Plans when nothing was typed for a moment. The plan that is shown stays until the next one is made.</summary>
    private async Task PlanSoonAsync(TimeSpan pause)
    {
        if (_typing is not null)
        {
            await _typing.CancelAsync();
            _typing.Dispose();
        }

        _typing = CancellationTokenSource.CreateLinkedTokenSource(_left.Token);
        var typing = _typing.Token;
        try
        {
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, Time, typing);
            }

            await PlanAsync(typing);
            StateHasChanged();
        }
        catch (OperationCanceledException)
        {
            // More was typed, or the page was left.
        }
    }

    private async Task PlanAsync(CancellationToken cancellation)
    {
        var text = _text;
        var plan = await Task.Run(() => Planner.Plan(text), cancellation);
        cancellation.ThrowIfCancellationRequested();
        _plan = plan;
        _outlook = plan.IsValid ? _outlook : null;
        _ = LookAsync(text, cancellation);
    }

    /// <summary>Comes when it comes: neither the draft nor launching it waits for a prediction. The last one stays until then.</summary>
    private async Task LookAsync(string text, CancellationToken cancellation)
    {
        try
        {
            var owner = SignedIn.Name((await Session.GetAuthenticationStateAsync()).User);
            var outlook = _plan!.IsValid ? await Task.Run(() => Outlooks.LookAsync(text, owner, cancellation), cancellation) : null;
            if (_text == text && outlook is not null)
            {
                _outlook = outlook;
                await InvokeAsync(StateHasChanged);
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or ObjectDisposedException)
        {
            // More was typed, or the page was left.
        }
    }

    private async Task GoToAsync(SweepProblem? problem)
    {
        await TakeTypedAsync();
        await ShowAsync(yaml: true);
        _goToLine = problem?.Line ?? 0;
        StateHasChanged();
    }

    private async Task LaunchAsync()
    {
        if (_launching || !_ready)
        {
            return;
        }

        _launching = true;
        _launchProblem = null;
        try
        {
            await TakeTypedAsync();
            await PlanAsync(_left.Token);
            if (_plan!.IsValid)
            {
                await SubmitAsync();
            }
        }
        finally
        {
            _launching = false;
        }
    }

    private async Task SubmitAsync()
    {
        // An edited file is another request; the same file again is the same one, so that a lost answer never launches twice.
        if (_requestedText != _text)
        {
            (_requestId, _requestedText) = (Guid.NewGuid(), _text);
        }

        await KeepAsync();
        StateHasChanged();
        try
        {
            var owner = SignedIn.Name((await Session.GetAuthenticationStateAsync()).User);
            var response = await Bus.AskAsync<SubmitSweep, SweepAccepted, SweepRefused>(new SubmitSweep { RequestId = _requestId, Document = _text, Owner = owner }, AnswerWithin, _left.Token);
            if (response.Is(out Response<SweepAccepted>? accepted))
            {
                await _kept.TellAsync("forget");
                Snackbar.Add($"Launched: {Figures.Plural(accepted.Message.Runs, "run is", "runs are")} queued.", Severity.Success);
                Navigation.NavigateTo($"/sweeps/{accepted.Message.SweepId}");
            }
            else if (response.Is(out Response<SweepRefused>? refused))
            {
                _plan = _plan! with { Problems = refused.Message.Problems };
                _requestedText = null;
            }
        }
        catch (TimeoutException)
        {
            _launchProblem = $"The coordinator did not answer within {AnswerWithin.TotalSeconds:0} s, so it is not known whether the sweep is stored. Launch again: the same file is never stored twice.";
        }
        catch (RequestFaultException fault)
        {
            _launchProblem = $"The coordinator could not store the sweep: {fault.Fault?.Exceptions.FirstOrDefault()?.Message ?? fault.Message} Launch again when that is mended: the same file is never stored twice.";
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // The page was left; the draft keeps the request's id.
        }
    }
}
