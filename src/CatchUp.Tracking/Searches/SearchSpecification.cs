using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Contracts;
using CatchUp.Contracts.Specifications;
using CatchUp.Search;
using CatchUp.Search.Ledger;
using CatchUp.Search.Spaces;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Searches;

/// <summary>
/// All that decides what a sweep tries, as it is stored with the sweep: presets and defaults of a later version change nothing in it.
/// </summary>
internal sealed record SearchSpecification
{
    /// <summary>A run specification but for the searched keys.</summary>
    public required JsonObject Base { get; init; }

    public required JsonObject Space { get; init; }

    public IReadOnlyList<string> Constraints { get; init; } = [];

    public required SearchRules Rules { get; init; }

    /// <summary>One for each goal of the rules; empty when nothing is measured: then the one goal has no values.</summary>
    public IReadOnlyList<SearchObjective> Objectives { get; init; } = [];

    /// <param name="file">A file whose search is complete.</param>
    public static SearchSpecification Of(SweepFile file) => new()
    {
        Base = file.Base,
        Space = new JsonObject(file.Space.Parameters.Select(parameter => KeyValuePair.Create(parameter.Path, (JsonNode?)parameter.ToJson()))),
        Constraints = [.. file.Space.Constraints.Select(constraint => constraint.Text)],
        Rules = file.Search!.Rules,
        Objectives = file.Search.Objectives,
    };

    public static SearchSpecification FromJson(string json) => JsonSerializer.Deserialize<SearchSpecification>(json, ContractJson.Options)!;

    public string ToJson() => JsonSerializer.Serialize(this, ContractJson.Options);

    /// <exception cref="InvalidOperationException">What was stored is no space: it was not stored by this program.</exception>
    public SearchSpace ReadSpace()
    {
        var reading = SpaceReader.Read(Space, Constraints, constants: SweepFileReader.Constants(Base));
        return reading.Space ?? throw new InvalidOperationException($"The stored space cannot be read: {reading.Problems[0].Path}: {reading.Problems[0].Message}");
    }

    /// <summary>The specification of a trial's first replicate.</summary>
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
