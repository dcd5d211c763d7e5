using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation.Extractors.Inception;

/// <summary>Where a network being built takes a weight from.</summary>
/// <param name="name">Its published name.</param>
/// <param name="shape">The shape it must have.</param>
internal delegate Tensor WeightSource(string name, params long[] shape);
