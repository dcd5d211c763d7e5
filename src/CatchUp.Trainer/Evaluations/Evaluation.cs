using CatchUp.Contracts.Journal;

namespace CatchUp.Trainer.Evaluations;

/// <summary>What was measured on the images of one way of sampling. The results lack step and snapshot, which the caller knows.</summary>
internal sealed record Evaluation(double Straightness, IReadOnlyList<EvaluationMade> Results);
