namespace CatchUp.Tracking.Filters;

/// <summary>What the runs of this database have, for choosing from.</summary>
/// <param name="Metrics">Names of metrics, the trainers' own before those of machines.</param>
/// <param name="Evaluations">Each as the last evaluated step's.</param>
/// <param name="Tags">In alphabetical order.</param>
public sealed record KnownTerms(IReadOnlyList<string> Metrics, IReadOnlyList<RunTerm.Evaluation> Evaluations, IReadOnlyList<string> Tags)
{
    public static KnownTerms None { get; } = new([], [], []);
}
