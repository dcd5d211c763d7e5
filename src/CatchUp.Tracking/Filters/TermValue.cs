using CatchUp.Tracking.Evaluations;

namespace CatchUp.Tracking.Filters;

/// <summary>What a run has of a term.</summary>
/// <param name="Value">A <see cref="double"/> (seconds for durations), <see cref="DateTimeOffset"/>, <see cref="string"/> or <see cref="bool"/>; null: nothing.</param>
/// <param name="Evaluation">Where the number comes from, with its interval and protocol.</param>
public sealed record TermValue(object? Value, Evaluation? Evaluation = null)
{
    public static TermValue None { get; } = new((object?)null);

    public double? Number => Value as double?;
}
