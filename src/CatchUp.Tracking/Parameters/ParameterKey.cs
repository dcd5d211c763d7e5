using CatchUp.Statistics.Importance;

namespace CatchUp.Tracking.Parameters;

/// <summary>A key of the configuration in which runs differ.</summary>
/// <param name="Path">Dotted path into the run specification.</param>
/// <param name="IsLogarithmic">A sweep of these runs drew it from a logarithmic range.</param>
/// <param name="Values">By run, in the table's order.</param>
public sealed record ParameterKey(string Path, bool IsLogarithmic, IReadOnlyList<FeatureValue> Values);
