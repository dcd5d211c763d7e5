using System.Text.Json.Serialization;

namespace CatchUp.Contracts.Specifications;

public enum RunKind
{
    /// <summary>Trains a network, and evaluates it on the way.</summary>
    [JsonStringEnumMemberName("train")] Train,

    /// <summary>Evaluates a stored snapshot of its initial run; the results join that run's.</summary>
    [JsonStringEnumMemberName("evaluate")] Evaluate,
}
