using System.Globalization;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Workers;

namespace CatchUp.Tracking.Queue;

/// <summary>
/// What an attempt is given beside its run's specification, which the run's row has: stored with the attempt, so that the same request gets the same answer.
/// Writing and reading specifications is most of what a claim would cost.
/// </summary>
internal sealed record Assignment
{
    public long RunId { get; init; }

    public int Attempt { get; init; }

    public required string Name { get; init; }

    public CheckpointReference? Checkpoint { get; init; }

    public InitialReference? Initial { get; init; }

    public IReadOnlyList<StoredResult> Evaluations { get; init; } = [];

    public IReadOnlyList<StoredResult> Samples { get; init; } = [];

    public double LeaseSeconds { get; init; }

    public static Assignment Read(string json) => JsonSerializer.Deserialize<Assignment>(json, ContractJson.Options)!;

    public string Json() => JsonSerializer.Serialize(this, ContractJson.Options);

    /// <param name="specification">The run's, as JSON.</param>
    public RunAssigned ToAnswer(string specification)
    {
        var read = JsonSerializer.Deserialize<RunSpecification>(specification, ContractJson.Options)!;
        return new RunAssigned
        {
            RunId = RunId,
            Attempt = Attempt,
            Name = Name,
            Specification = Initial is null ? read : read with { InitialRun = read.InitialRun with { Run = Initial.Run.ToString(CultureInfo.InvariantCulture), Step = Initial.Step } },
            Checkpoint = Checkpoint,
            Initial = Initial,
            Evaluations = Evaluations,
            Samples = Samples,
            LeaseSeconds = LeaseSeconds,
        };
    }
}
