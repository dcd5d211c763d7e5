using static TorchSharp.torch;

namespace CatchUp.Flow.Solvers;

/// <summary>A velocity field dz/dt = v(z, t).</summary>
/// <param name="z">States, [batch, …].</param>
/// <param name="t">The time of the whole batch, from 1 (noise) to 0 (data).</param>
/// <returns>Velocities, the shape of <paramref name="z"/>.</returns>
public delegate Tensor VelocityFunction(Tensor z, double t);
