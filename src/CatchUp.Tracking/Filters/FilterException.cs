namespace CatchUp.Tracking.Filters;

/// <summary>Unwinds the descent; never leaves <see cref="RunFilter"/>.</summary>
internal sealed class FilterException(FilterProblem problem) : Exception(problem.Message)
{
    public FilterProblem Problem { get; } = problem;
}
