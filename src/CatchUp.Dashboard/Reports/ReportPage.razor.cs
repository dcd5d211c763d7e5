using System.Globalization;
using CatchUp.Dashboard.Access;
using CatchUp.Dashboard.Live;
using CatchUp.Dashboard.Runs;
using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Reports;
using CatchUp.Tracking.Runs;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using MudBlazor;

namespace CatchUp.Dashboard.Reports;

/// <summary>
/// A report, read or written. What is written stays with its writer until it is stored: a save over another one is told with both texts at
/// hand, leaving is asked about, and the browser keeps what was typed for after a crash.
/// </summary>
public sealed partial class ReportPage
{
    private static readonly Crumb[] Trail = [new("Reports", "/reports")];

    private readonly Dictionary<string, FrozenData> _fresh = [];
    private Report? _stored;
    private Report? _conflict;
    private Report? _newer;
    private KeptDraft? _kept;
    private ReportEditor? _editor;
    private ReportDocument _document = ReportDocument.Parse("");
    private string _title = "";
    private string _text = "";
    private string _startTitle = "";
    private string _startText = "";
    private int _version;
    private int _opened;
    private long? _read;
    private string? _refusal;
    private bool _missing;
    private bool _saving;
    private bool _exporting;
    private bool _leaving;

    [Parameter]
    public long? Id { get; set; }

    [SupplyParameterFromQuery(Name = "edit")]
    public string? Edit { get; set; }

    /// <summary>For a new report: runs to begin with.</summary>
    [SupplyParameterFromQuery(Name = "runs")]
    public string? RunIds { get; set; }

    [Inject]
    private ReportStore Store { get; set; } = null!;

    [Inject]
    private ReportExport Export { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private AuthenticationStateProvider Session { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    [Inject]
    private IJSRuntime JavaScript { get; set; } = null!;

    private bool Editing => Id is null || Edit == "1";

    private bool IsDirty => _title != _startTitle || _text != _startText;

    private string DraftKey => Id is { } id ? id.ToString(CultureInfo.InvariantCulture) : "new";

    /// <summary>There is no news of reports; others' saves are seen at the next look.</summary>
    protected override bool Concerns(Change change) => false;

    protected override async Task OnParametersSetAsync()
    {
        if (Loaded && _read != Id)
        {
            await ReloadAsync();
        }
    }

    protected override async Task LoadAsync(CancellationToken cancellation)
    {
        var id = Id;
        if (id is null)
        {
            if (!Loaded || _read is not null)
            {
                Open(null, Template());
                _read = null;
            }

            return;
        }

        var report = await Store.FindAsync(id.Value, cancellation);
        if (report is null)
        {
            // Whoever writes keeps the text: it can still be saved as a new report.
            _missing = !IsDirty;
            _read = id;
            return;
        }

        if (_read == id && IsDirty)
        {
            _newer = report.Summary.Version == _version ? null : report;
            return;
        }

        if (_read != id || _stored?.Summary.Version != report.Summary.Version)
        {
            Open(report, report.Text);
        }

        (_read, _missing) = (id, false);
    }

    private string Template() => RunsAddress.ParseIds(RunIds).Take(ReportBlock.MostRuns).ToList() is { Count: > 0 } runs
        ? string.Join("\n\n", "## Curves", BlockDraft.Text(ReportBlockKind.Chart, runs, null), "## FID over NFE", BlockDraft.Text(ReportBlockKind.Chart, runs, null, "fid", ReportAxis.Nfe), "## Samples", BlockDraft.Text(ReportBlockKind.Matrix, [.. runs.Take(ReportBlock.MostMatrixRuns)], null), "## Runs", BlockDraft.Text(ReportBlockKind.Table, runs, null)) + "\n"
        : "";

    /// <summary>Takes a stored report as the one that is read and written.</summary>
    private void Open(Report? report, string text)
    {
        (_stored, _conflict, _newer, _refusal) = (report, null, null, null);
        (_title, _version) = (report?.Summary.Title ?? "", report?.Summary.Version ?? 0);
        _startTitle = _title;
        _text = _startText = text;
        _document = ReportDocument.Parse(_text);
        _fresh.Clear();
        _opened++;
    }

    private void Typed(string text)
    {
        _text = text;
        _document = ReportDocument.Parse(text);
    }

    private void Show(bool edit) => Navigation.NavigateTo(edit ? $"/reports/{Id}?edit=1" : $"/reports/{Id}");

    private async Task SaveAsync()
    {
        if (_editor is not null)
        {
            await _editor.FlushAsync();
        }

        if (_title.Trim().Length == 0)
        {
            _refusal = "The report has no title. Write one above the text.";
            StateHasChanged();
            return;
        }

        if (!_saving && (_stored is null || IsDirty))
        {
            await StoreAsync(_stored is null ? null : Id, _version, _text);
        }
    }

    /// <param name="report">Null: a new one.</param>
    /// <param name="version">What is written over.</param>
    /// <param name="text">The text.</param>
    private async Task<bool> StoreAsync(long? report, int version, string text)
    {
        (_saving, _refusal) = (true, null);
        try
        {
            var who = SignedIn.Name((await Session.GetAuthenticationStateAsync()).User);
            var draft = new ReportDraft(_title, ReportText.Plain(text), [.. _fresh.Values]);
            var saving = report is { } id ? await Store.SaveAsync(id, version, draft, who, Leaving) : await Store.CreateAsync(draft, who, Leaving);
            switch (saving.Result)
            {
                case ReportSavingResult.Saved:
                    await SavedAsync(saving.Report!, draft, text);
                    return true;
                case ReportSavingResult.Conflict:
                    _conflict = saving.Report;
                    return false;
                case ReportSavingResult.NotFound:
                    _refusal = $"{saving.Message} Your text is still here; save again to store it as a new report.";
                    (_stored, _version) = (null, 0);
                    return false;
                default:
                    _refusal = saving.Message;
                    return false;
            }
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            return false;
        }
#pragma warning disable CA1031 // Whatever a store throws, the text stays and the page says that it is not stored.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            _refusal = $"The report could not be saved: {problem.Message} Your text is still here; save again in a moment.";
            return false;
        }
        finally
        {
            _saving = false;
            StateHasChanged();
        }
    }

    private async Task SavedAsync(Report report, ReportDraft draft, string text)
    {
        if (_editor is not null && Editing)
        {
            await _editor.SavedAsync(report.Text);
        }

        // Not opened anew: whoever typed on meanwhile keeps that, and the cursor.
        (_title, _text) = (_title == draft.Title ? report.Summary.Title : _title, _text == text || !Editing ? report.Text : _text);
        (_stored, _conflict, _newer, _kept, _version) = (report, null, null, null, report.Summary.Version);
        (_startTitle, _startText) = (report.Summary.Title, report.Text);
        _document = ReportDocument.Parse(_text);
        _fresh.Clear();
        Snackbar.Add($"Saved as version {report.Summary.Version}.", Severity.Success);
        if (Id != report.Summary.Id)
        {
            _read = report.Summary.Id;
            Navigation.NavigateTo($"/reports/{report.Summary.Id}?edit=1", replace: true);
        }
    }

    private Task<bool> OverwriteAsync() => StoreAsync(Id, _conflict!.Summary.Version, _text);

    private Task<bool> SaveCopyAsync() => StoreAsync(null, 0, _text);

    private async Task TakeTheirsAsync()
    {
        var theirs = _conflict!;
        if (_editor is not null)
        {
            await _editor.ForgetAsync();
        }

        Open(theirs, theirs.Text);
    }

    private void Restore()
    {
        var kept = _kept!;
        _kept = null;
        (_title, _text) = (kept.Title.Length > 0 ? kept.Title : _title, ReportText.Plain(kept.Text));
        _document = ReportDocument.Parse(_text);

        // What it was written over may have been saved over since: saving will tell.
        _version = kept.Version > 0 && Id is not null ? kept.Version : _version;
    }

    private async Task DropKeptAsync()
    {
        _kept = null;
        if (_editor is not null)
        {
            await _editor.ForgetAsync();
        }
    }

    private async Task InsertAsync(ReportBlockKind kind, ReportAxis over)
    {
        if (await InsertBlockDialog.AskAsync(Dialogs, kind, over) is { } block && _editor is not null)
        {
            await _editor.InsertAsync(block);
        }
    }

    private Task GoToAsync(ReportProblem problem) => _editor?.GoToLineAsync(problem.Line) ?? Task.CompletedTask;

    private async Task FrozenAsync((ReportPart.Block Block, FrozenData Data) frozen)
    {
        _fresh[frozen.Data.Sha256] = frozen.Data;
        await ChangeAsync(ReportEdit.Freeze(_text, frozen.Block, frozen.Data.Sha256));
    }

    private Task ThawAsync(ReportPart.Block block) => ChangeAsync(ReportEdit.Thaw(_text, block));

    /// <summary>In the editor a changed line is a part of what is written; who reads has it stored at once.</summary>
    private async Task ChangeAsync(string? text)
    {
        if (text is null)
        {
            _refusal = "The block could not be changed: its keys do not stand a line each. Mend it in the text.";
        }
        else if (Editing)
        {
            Typed(text);
        }
        else if (!await StoreAsync(Id, _version, text))
        {
            _fresh.Clear();
        }

        StateHasChanged();
    }

    private async Task ExportAsync()
    {
        (_exporting, _refusal) = (true, null);
        try
        {
            // Made once to tell what is wrong with it here, rather than by a failed download.
            await Export.MakeAsync(_stored!, "", Leaving);
            await JavaScript.RunAsync(ReportEditor.Script, "download", $"/api/v1/reports/{Id}/export");
        }
        catch (ReportTooLargeException large)
        {
            _refusal = large.Message;
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // The page was left.
        }
        finally
        {
            _exporting = false;
        }
    }

    private async Task DeleteAsync()
    {
        var summary = _stored!.Summary;
        var frozen = summary.Frozen == 0 ? "" : $" and the data of {Figures.Plural(summary.Frozen, "frozen block", "frozen blocks")}";
        if (await ConfirmDialog.AskAsync(Dialogs, "Delete this report?", $"Deletes “{summary.Title}”, version {summary.Version}{frozen}. This cannot be undone; its runs stay.", "Delete"))
        {
            var outcome = await Store.DeleteAsync(summary.Id, CancellationToken.None);
            Snackbar.Add(outcome.Result == CommandResult.Accepted ? $"“{summary.Title}” is deleted." : outcome.Message, outcome.Result == CommandResult.Accepted ? Severity.Normal : Severity.Warning);
            Navigation.NavigateTo("/reports");
        }
    }

    /// <summary>Asks before text that is not saved is left.</summary>
    private async Task LeavingAsync(LocationChangingContext context)
    {
        var path = new Uri(Navigation.ToAbsoluteUri(context.TargetLocation).ToString()).AbsolutePath;
        var stays = Id is { } id && path == $"/reports/{id}" && context.TargetLocation.Contains("edit=1", StringComparison.Ordinal);
        if (!IsDirty || stays || _leaving)
        {
            return;
        }

        if (await ConfirmDialog.AskAsync(Dialogs, "Leave without saving?", $"What you wrote in “{(_title.Trim().Length == 0 ? "New report" : _title)}” since {(_version == 0 ? "you began" : $"version {_version}")} is not saved.", "Leave and drop it"))
        {
            if (_editor is not null)
            {
                await _editor.ForgetAsync();
            }

            // Reading shows what is stored.
            _leaving = true;
            if (_stored is { } stored)
            {
                Open(stored, stored.Text);
            }

            _leaving = false;
        }
        else
        {
            context.PreventNavigation();
        }
    }
}
