using CatchUp.Dashboard.Charts;
using CatchUp.Dashboard.Live;
using CatchUp.Tracking.Evaluations;
using Microsoft.AspNetCore.Components;

namespace CatchUp.Dashboard.Compare;

/// <summary>A part of the comparison that is about numbers of images: reads those of its runs, without those of gates, and keeps them up to date.</summary>
public abstract class ComparedEvaluations : LiveComponent
{
    private string? _read;
    private volatile HashSet<long> _ids = [];

    [Parameter, EditorRequired] public Comparison Comparison { get; set; } = Comparison.Nothing;

    protected IReadOnlyList<Evaluation> Evaluations { get; private set; } = [];

    /// <summary>What is drawn as a line of numbers of images.</summary>
    protected IReadOnlyList<FidSubject> Subjects =>
        [.. Comparison.Drawn.Select(group => new FidSubject(group.Key, group.Label, group.Style, [.. group.Runs.Select(run => (run.Summary.Id, run.Summary.Seed))]))];

    protected override TimeSpan AtMostEvery => TimeSpan.FromSeconds(1);

    [Inject] private EvaluationStore Store { get; set; } = null!;

    protected override bool Concerns(Change change) => change.EvaluationsOf is { } run && _ids.Contains(run);

    protected override async Task OnParametersSetAsync()
    {
        _ids = [.. Comparison.Ids];
        if (Loaded && _read != string.Join(',', Comparison.Ids))
        {
            await ReloadAsync();
        }
    }

    protected override async Task LoadAsync(CancellationToken cancellation)
    {
        var runs = Comparison.Ids;
        Evaluations = [.. (await Store.ListAsync(runs, cancellation)).Where(evaluation => evaluation.Gate == 0)];
        _read = string.Join(',', runs);
    }
}
