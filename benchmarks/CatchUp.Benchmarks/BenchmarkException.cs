namespace CatchUp.Benchmarks;

/// <summary>A benchmark cannot be made; the message says why, and what to do.</summary>
public sealed class BenchmarkException(string message) : Exception(message);
