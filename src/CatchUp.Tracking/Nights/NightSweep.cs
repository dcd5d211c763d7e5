using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Samples;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Nights;

/// <summary>What a night did for one sweep. The counts are of runs, by what last happened to each of them before the night's end.</summary>
public sealed record NightSweep
{
    public long Id { get; init; }

    public required string Name { get; init; }

    public required string Project { get; init; }

    public string? Owner { get; init; }

    public int Completed { get; init; }

    public int Failed { get; init; }

    public int Paused { get; init; }

    /// <summary>Cancelled, or stopped early by the search.</summary>
    public int Stopped { get; init; }

    /// <summary>Attempts that were running at the night's end.</summary>
    public int Running { get; init; }

    /// <summary>Attempts that were lost in the night.</summary>
    public int Lost { get; init; }

    /// <summary>Lost attempts after which the run went on.</summary>
    public int Resumed { get; init; }

    public SweepObjective? Objective { get; init; }

    /// <summary>The best value before the night, of the same protocol as <see cref="After"/>.</summary>
    public Evaluation? Before { get; init; }

    /// <summary>The best value at the night's end.</summary>
    public Evaluation? After { get; init; }

    /// <summary>The run that has it.</summary>
    public string? BestRun { get; init; }

    /// <summary>The night found a better value than there was, or the first one.</summary>
    public bool Improved { get; init; }

    /// <summary>Generated images of the best run.</summary>
    public SampleGrid? Samples { get; init; }

    public SlotTime Gpu { get; init; } = SlotTime.Nothing;

    public SlotTime Cpu { get; init; } = SlotTime.Nothing;
}
