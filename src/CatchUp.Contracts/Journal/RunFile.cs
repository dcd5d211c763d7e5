using CatchUp.Contracts.Specifications;

namespace CatchUp.Contracts.Journal;

/// <summary>run.json: all a trainer is told about its attempt.</summary>
public sealed record RunFile
{
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    public long Run { get; init; }

    public int Attempt { get; init; } = 1;

    /// <summary>For logs and the console.</summary>
    public string Name { get; init; } = "run";

    public required RunSpecification Specification { get; init; }

    /// <summary>Where to go on from; null starts at step 0.</summary>
    public ResumePoint? Resume { get; init; }

    /// <summary>The parent's weights, for a specification with an initial run; null for any other.</summary>
    public InitialWeights? Initial { get; init; }

    /// <summary>Evaluations at the resumed step that are stored already and need not be made again.</summary>
    public IReadOnlyList<StoredResult> Evaluations { get; init; } = [];

    /// <summary>Sample grids at the resumed step that are stored already.</summary>
    public IReadOnlyList<StoredResult> Samples { get; init; } = [];

    /// <summary>cpu or cuda:i.</summary>
    public string Device { get; init; } = "cpu";
}
