using CatchUp.Tracking.Filters;

namespace CatchUp.Tracking.Parameters;

/// <summary>Many runs with what they were configured to and what came of it.</summary>
public sealed record ParameterTable
{
    public static ParameterTable Nothing { get; } = new() { Total = 0, Terms = [], Runs = [], Keys = [], Protocols = new Dictionary<string, string>() };

    /// <summary>How many runs were asked for; of more than may be read, the newest are there.</summary>
    public required int Total { get; init; }

    public required IReadOnlyList<RunTerm> Terms { get; init; }

    /// <summary>The oldest first.</summary>
    public required IReadOnlyList<ParameterRun> Runs { get; init; }

    /// <summary>In the specification's order; the seed is none of them.</summary>
    public required IReadOnlyList<ParameterKey> Keys { get; init; }

    /// <summary>How numbers were measured, in words, by fingerprint.</summary>
    public required IReadOnlyDictionary<string, string> Protocols { get; init; }
}
