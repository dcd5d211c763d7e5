namespace CatchUp.Tracking.Metrics;

/// <summary>A point on its way into the database.</summary>
internal readonly record struct Point(int MetricId, long Step, double? Value, PointKind Kind, long At)
{
    public static Point From(int metric, long step, double value, long at)
    {
        var kind = KindOf(value);
        return new Point(metric, step, kind == PointKind.Finite ? value : null, kind, at);
    }

    public static PointKind KindOf(double value) => value switch
    {
        double.NaN => PointKind.NotANumber,
        double.PositiveInfinity => PointKind.PositiveInfinity,
        double.NegativeInfinity => PointKind.NegativeInfinity,
        _ => PointKind.Finite,
    };

    public static double ValueOf(double? value, PointKind kind) => kind switch
    {
        PointKind.NotANumber => double.NaN,
        PointKind.PositiveInfinity => double.PositiveInfinity,
        PointKind.NegativeInfinity => double.NegativeInfinity,
        _ => value ?? double.NaN,
    };
}
