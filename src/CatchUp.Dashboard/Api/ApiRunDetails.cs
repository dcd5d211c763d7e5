using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Api;

/// <summary>A run with its specification, environment and attempts.</summary>
internal sealed record ApiRunDetails : ApiRun
{
    public required RunSpecification Specification { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public long? ParameterCount { get; init; }

    /// <summary>The runs that repeat it, newest first.</summary>
    public required IReadOnlyList<long> Reproductions { get; init; }

    public required IReadOnlyList<AttemptSummary> Attempts { get; init; }

    /// <summary>Workers it is not given to any more, and why.</summary>
    public required IReadOnlyList<RunExclusion> Exclusions { get; init; }

    public static ApiRunDetails From(RunDetails run) => Fill(run.Summary, new ApiRunDetails
    {
        Name = "",
        Project = "",
        Parameters = run.Summary.Parameters,
        Tags = run.Summary.Tags,
        Specification = run.Specification,
        Environment = run.Environment,
        ParameterCount = run.ParameterCount,
        Reproductions = run.Reproductions,
        Attempts = run.Attempts,
        Exclusions = run.Exclusions,
    });
}
