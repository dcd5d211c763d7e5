namespace CatchUp.Tracking.Filters;

/// <summary>Which value of a curve is meant.</summary>
public enum CurvePart
{
    Last,
    First,
    Min,
    Max,
    At,
}
