using System.Text.Json.Nodes;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Search.Import;

/// <summary>A search that was written for another program, in the form of a sweep file.</summary>
/// <param name="Space">What goes below <c>space</c>; its paths are those of the other program, to be renamed to keys of the run specification.</param>
/// <param name="Search">What goes below <c>search</c>: the method, and what stops trials early.</param>
/// <param name="Goal">minimize or maximize; null when nothing was said.</param>
/// <param name="Metric">The other program's name of what is optimised; null when nothing was said.</param>
/// <param name="Name">What the search was called; null when nothing was said.</param>
/// <param name="NotKept">What could not be kept, each with its place there and the reason.</param>
public sealed record ImportedSpace(JsonObject Space, JsonObject Search, string? Goal, string? Metric, string? Name, IReadOnlyList<SpecificationProblem> NotKept);
