namespace CatchUp.Tracking.Metrics;

/// <summary>Where a run was taken up again, and how it came to that.</summary>
/// <param name="At">Its place on the axis.</param>
public sealed record CurveMark(double At, int Step, string Text);
