namespace CatchUp.Flow.Training;

/// <summary>What one update measured.</summary>
/// <param name="Step">Updates made, this one included.</param>
/// <param name="ImagesSeen">Images seen, this batch included.</param>
/// <param name="Loss">The loss that was minimised.</param>
/// <param name="Terms">Its terms before weighting, by name.</param>
/// <param name="LearningRate">The learning rate of this update.</param>
/// <param name="GradientNorm">Euclidean norm of the whole gradient; null when it was not asked for.</param>
public sealed record Update(int Step, long ImagesSeen, double Loss, IReadOnlyDictionary<string, double> Terms, double LearningRate, double? GradientNorm);
