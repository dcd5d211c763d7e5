using CatchUp.Flow.Solvers;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Evaluations;

/// <summary>Images and what they cost.</summary>
/// <param name="Images">[images, channels, height, width].</param>
/// <param name="Evaluations">How often the network was evaluated for each: the NFE, counted.</param>
/// <param name="Trajectory">How straight the paths were, where that was asked for.</param>
internal sealed record GeneratedImages(Tensor Images, int Evaluations, Trajectory? Trajectory);
