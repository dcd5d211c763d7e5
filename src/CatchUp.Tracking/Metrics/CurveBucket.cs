namespace CatchUp.Tracking.Metrics;

/// <summary>A stretch of points as it is drawn: what lies between <paramref name="Start"/> and <paramref name="End"/> is nowhere below <paramref name="Low"/> or above <paramref name="High"/>.</summary>
/// <param name="Step">The last finite point's, whose value is drawn; the stretch's last step when none is finite.</param>
/// <param name="Start">Where the first finite point lies on the axis.</param>
/// <param name="End">Where the last finite point lies on the axis.</param>
/// <param name="Low">Exact least value; null when no point is finite.</param>
/// <param name="High">Exact greatest value.</param>
/// <param name="Value">That of the last finite point.</param>
/// <param name="Count">All points.</param>
/// <param name="NotFinite">Points that are NaN or infinite.</param>
public readonly record struct CurveBucket(long Step, double Start, double End, double? Low, double? High, double? Value, long Count, long NotFinite);
