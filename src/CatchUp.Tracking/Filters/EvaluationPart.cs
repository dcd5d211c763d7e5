namespace CatchUp.Tracking.Filters;

/// <summary>Which of a run's evaluations is meant: the last evaluated step's, the best of all steps, or one step's.</summary>
public enum EvaluationPart
{
    Last,
    Best,
    At,
}
