namespace CatchUp.Tracking.Parameters;

/// <summary>A run's value of a term, with how it was measured where that matters.</summary>
/// <param name="Low">Of evaluations that have an interval.</param>
/// <param name="Fingerprint">Of evaluations: numbers with unlike ones are not compared.</param>
public readonly record struct MeasuredNumber(double Value, double? Low, double? High, string? Fingerprint);
