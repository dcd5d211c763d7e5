using System.Text.Json.Nodes;
using CatchUp.Contracts.Specifications;
using CatchUp.Search;
using CatchUp.Tracking.Queue;

namespace CatchUp.Tracking.Sweeps;

/// <summary>A sweep file that has been read; whether it holds together is known from the problems found beside it.</summary>
internal sealed record SweepFile
{
    public string Name { get; init; } = "";

    public string Project { get; init; } = "default";

    public string? Owner { get; init; }

    /// <summary>Preset, base and evaluation merged: a run specification but for the swept keys.</summary>
    public required JsonObject Base { get; init; }

    public required SearchSpace Space { get; init; }

    /// <summary>How configurations are searched for, one after the other; null for a plain grid, whose configurations are all known.</summary>
    public SweepSearch? Search { get; init; }

    public int Replicates { get; init; } = 1;

    /// <summary>What the file says of its objective; null when it says nothing. What is missing depends on what is measured.</summary>
    public JsonObject? Objective { get; init; }

    public int Priority { get; init; }

    public int? MaxParallel { get; init; }

    public ScheduleWindow? Window { get; init; }

    public ScheduleDeadline? Deadline { get; init; }

    public SweepRequirements Requires { get; init; } = new();

    /// <summary>Null: the usual one.</summary>
    public Queue.RestartPolicy? Restarts { get; init; }

    /// <summary>What the file says of retention; null when it says nothing.</summary>
    public JsonObject? Retention { get; init; }

    /// <summary>The named variants, in the order of the file: the outermost dimension of the space. Null when there are none.</summary>
    public Dimension? Variants => Space.Dimensions is [{ Names: not null } first, ..] ? first : null;

    /// <summary>
    /// Which trials start from which others: those from <c>First</c> to <c>Last</c> from the one <c>Back</c> trials before. A variant
    /// names one above it, and everything else the two have in common.
    /// </summary>
    public IEnumerable<(int First, int Last, int Back)> Parents()
    {
        if (Variants is not { Names: { } names } variants)
        {
            yield break;
        }

        var each = (int)(Space.Size / names.Count);
        for (var variant = 0; variant < names.Count; variant++)
        {
            if (variants.Parameters[variant].GetValueOrDefault("initialRun.run") is { } parent && names.ToList().IndexOf(parent) is var at and >= 0)
            {
                yield return (variant * each, (variant * each) + each - 1, (variant - at) * each);
            }
        }
    }

    /// <summary>The specification of a configuration's first replicate.</summary>
    public RunSpecification Specify(Trial trial)
    {
        var specification = Base.DeepClone().AsObject();
        foreach (var setting in trial.Settings)
        {
            SpecificationMerge.Apply(specification, setting.Path, setting.Value);
        }

        return SpecificationValidator.Read(specification);
    }
}
