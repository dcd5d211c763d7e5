namespace CatchUp.Tracking.Metrics;

/// <summary>What a value is when it is not a number a database can hold.</summary>
public enum PointKind : short
{
    Finite,
    NotANumber,
    PositiveInfinity,
    NegativeInfinity,
}
