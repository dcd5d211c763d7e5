namespace CatchUp.Benchmarks;

/// <param name="Started">When it began.</param>
/// <param name="Length">How long it took.</param>
/// <param name="SecondsPerUnit">The same for one update, image or distance.</param>
/// <param name="Result">What it computed.</param>
internal sealed record Round(DateTimeOffset Started, TimeSpan Length, double SecondsPerUnit, double Result);
