using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Launching;

/// <summary>A search of another program as a sweep file.</summary>
/// <param name="Document">The file, with all notes as comments at its head; null when nothing could be read.</param>
/// <param name="From">Which program's it is.</param>
/// <param name="Notes">What could not be kept and what was renamed, each with its place there.</param>
public sealed record ImportedSweep(string? Document, string From, IReadOnlyList<SpecificationProblem> Notes);
