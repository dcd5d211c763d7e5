using static TorchSharp.torch;

namespace CatchUp.Flow.Objectives;

/// <summary>What an objective computed on one batch. All tensors belong to the caller's dispose scope.</summary>
/// <param name="Loss">The scalar to call backward on: the weighted sum of the terms.</param>
/// <param name="Terms">Each term before weighting, a detached scalar with its name: <c>catch_up_1</c> … then <c>ground_truth_1</c> …, or what the objective calls it.</param>
/// <param name="Predictions">Each head's velocity at (z_t, t), [batch, channels, height, width], with gradient.</param>
/// <param name="Targets">The velocities each head catches up with or learns from another network, without gradient; empty for objectives without such.</param>
public sealed record ObjectiveResult(
    Tensor Loss,
    IReadOnlyList<(string Name, Tensor Value)> Terms,
    IReadOnlyList<Tensor> Predictions,
    IReadOnlyList<Tensor> Targets);
