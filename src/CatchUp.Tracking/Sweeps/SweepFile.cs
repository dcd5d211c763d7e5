using System.Text.Json.Nodes;
using CatchUp.Contracts.Specifications;
using CatchUp.Search;

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

    public int Replicates { get; init; } = 1;

    /// <summary>What the file says of its objective; null when it says nothing. What is missing depends on what is measured.</summary>
    public JsonObject? Objective { get; init; }

    public int Priority { get; init; }

    public int? MaxParallel { get; init; }

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
