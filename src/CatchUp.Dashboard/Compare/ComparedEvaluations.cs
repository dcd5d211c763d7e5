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

    /// <summary>"All at step 600."</summary>
    protected string LastSteps
    {
        get
        {
            var steps = Evaluations.GroupBy(evaluation => evaluation.RunId).Select(group => group.Max(evaluation => evaluation.Step)).Distinct().Order().ToList();
            return steps.Count == 1 ? $"All at step {Shell.Figures.Count(steps[0])}." : "Each run at its last evaluated step.";
        }
    }

    protected override TimeSpan AtMostEvery => TimeSpan.FromSeconds(1);

    [Inject] private EvaluationStore Store { get; set; } = null!;

    protected override bool Concerns(Change change) => change.Run is { DataArrived: true } run && _ids.Contains(run.RunId);

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
