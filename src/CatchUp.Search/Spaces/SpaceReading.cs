using CatchUp.Contracts.Specifications;

namespace CatchUp.Search.Spaces;

/// <summary>A space that was read, or what is wrong with it.</summary>
/// <param name="Space">Null when there are problems.</param>
/// <param name="Problems">Each with its place, <c>space.optimizer.learningRate</c> or <c>constraints[0]</c>, and how to mend it.</param>
public sealed record SpaceReading(SearchSpace? Space, IReadOnlyList<SpecificationProblem> Problems);
