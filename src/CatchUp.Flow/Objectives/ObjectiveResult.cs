using static TorchSharp.torch;

namespace CatchUp.Flow.Objectives;

/// <summary>What an objective computed on one batch. All tensors belong to the caller's dispose scope.</summary>
/// <param name="Loss">The scalar to call backward on: the weighted sum of the terms.</param>
/// <param name="Terms">Each mean squared error before weighting, a detached scalar with its name: <c>catch_up_1</c> … then <c>ground_truth_1</c> ….</param>
/// <param name="Predictions">Each head's velocity at (z_t, t), [batch, channels, height, width], with gradient.</param>
/// <param name="Targets">What each head catches up with, without gradient; empty for objectives that catch up with nothing.</param>
public sealed record ObjectiveResult(
    Tensor Loss,
    IReadOnlyList<(string Name, Tensor Value)> Terms,
    IReadOnlyList<Tensor> Predictions,
    IReadOnlyList<Tensor> Targets);
