using CatchUp.Tracking.Samples;

namespace CatchUp.Dashboard.Samples;

/// <summary>The sample grids of one or more runs, and which of them a choice means.</summary>
public sealed class SampleShelf
{
    private readonly IReadOnlyList<SampleGrid> _grids;

    /// <param name="grids">Grids of any number of runs.</param>
    /// <param name="choice">What the user picked so far; what does not exist falls back to the nearest that does.</param>
    public SampleShelf(IReadOnlyList<SampleGrid> grids, SampleChoice choice)
    {
        _grids = grids;
        Solvers = [.. grids.Select(grid => grid.Solver).Distinct().Order(StringComparer.Ordinal)];
        Solver = choice.Solver is { } solver && Solvers.Contains(solver) ? solver : Solvers is [var first, ..] ? first : null;
        Heads = [.. grids.Where(grid => grid.Solver == Solver).Select(grid => grid.Head).Distinct().Order()];
        Head = choice.Head is { } head && Heads.Contains(head) ? head : Heads is [var lowest, ..] ? lowest : 0;
        Nfes = [.. grids.Where(grid => grid.Solver == Solver && grid.Head == Head).Select(grid => grid.Nfe).Distinct().Order()];
        Nfe = choice.Nfe is { } nfe && Nfes.Contains(nfe) ? nfe : Nfes is [.., var largest] ? largest : 0;
        Steps = [.. grids.Where(grid => grid.Solver == Solver && grid.Head == Head && grid.Nfe == Nfe).Select(grid => grid.Step).Distinct().Order()];
        var earlier = choice.Step is { } step ? [.. Steps.Where(candidate => candidate <= step)] : Steps;
        Step = earlier is [.., var last] ? last : Steps is [var earliest, ..] ? earliest : 0;
    }

    public IReadOnlyList<string> Solvers { get; }

    public IReadOnlyList<int> Heads { get; }

    public IReadOnlyList<int> Nfes { get; }

    /// <summary>Steps that any run has for the chosen solver, head and NFE.</summary>
    public IReadOnlyList<int> Steps { get; }

    public string? Solver { get; }

    public int Head { get; }

    public int Nfe { get; }

    public int Step { get; }

    public int StepIndex => Math.Max(0, Steps.Select((step, index) => (step, index)).FirstOrDefault(pair => pair.step == Step).index);

    /// <summary>The run's grid at the chosen step, or its last one before; null when it has none yet.</summary>
    public SampleGrid? Of(long run) => _grids
        .Where(grid => grid.RunId == run && grid.Solver == Solver && grid.Head == Head && grid.Nfe == Nfe && grid.Step <= Step)
        .MaxBy(grid => grid.Step);

    /// <summary>The run's grids over steps, at the chosen solver, head and NFE.</summary>
    public IReadOnlyList<SampleGrid> OverSteps(long run) =>
        [.. _grids.Where(grid => grid.RunId == run && grid.Solver == Solver && grid.Head == Head && grid.Nfe == Nfe).OrderBy(grid => grid.Step)];
}
