namespace CatchUp.Contracts.Workers;

/// <param name="At">When it was measured.</param>
/// <param name="Values">Metric name → value: <c>system/cpu_percent</c>, <c>system/memory_bytes</c> …</param>
public sealed record SystemSample(DateTimeOffset At, IReadOnlyDictionary<string, double> Values);
