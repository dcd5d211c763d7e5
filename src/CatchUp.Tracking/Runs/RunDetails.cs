using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Runs;

/// <summary>A run, whole, but for its data.</summary>
public sealed record RunDetails
{
    public required RunSummary Summary { get; init; }

    public required RunSpecification Specification { get; init; }

    /// <summary>Environment of the last attempt that started.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Parameters of the network.</summary>
    public long? ParameterCount { get; init; }

    /// <summary>The runs that repeat it, newest first, at most fifty.</summary>
    public IReadOnlyList<long> Reproductions { get; init; } = [];

    public IReadOnlyList<AttemptSummary> Attempts { get; init; } = [];

    /// <summary>Workers it is not given to any more.</summary>
    public IReadOnlyList<RunExclusion> Exclusions { get; init; } = [];
}
