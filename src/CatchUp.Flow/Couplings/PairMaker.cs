using CatchUp.Flow.Networks;
using CatchUp.Flow.Noise;
using CatchUp.Flow.Solvers;
using static TorchSharp.torch;

namespace CatchUp.Flow.Couplings;

/// <summary>
/// Makes pairs of noise and images with a trained model. Pair i is decided by (seed, i) and the model alone, and batches are
/// always cut alike, so that pairs made again are the same.
/// </summary>
/// <param name="model">The trained model, frozen; its head 1 is used.</param>
/// <param name="seed">Decides noise and classes.</param>
/// <param name="device">Where the model is.</param>
public sealed class PairMaker(VelocityNetwork model, int seed, Device device)
{
    /// <summary>Steps of the trajectories that final distillation learns from.</summary>
    public const int TrajectorySteps = 16;

    // A convolution's sums may depend on the batch they are part of in the last bit, so this is no setting.
    private const int BatchSize = 128;

    /// <summary>After how many steps of a trajectory its clean-image estimate is kept: at t = 1/2, 5/16 and 1/8.</summary>
    public static IReadOnlyList<int> KeptSteps { get; } = [8, 11, 14];

    /// <summary>The pairs (z₁, x) of reflow (Liu et al. 2023): x is what the solver makes of z₁.</summary>
    /// <param name="progress">Told the number of pairs made before every network evaluation; may throw to end the work.</param>
    public PairSet Samples(Solver solver, int? nfe, int count, Action<int>? progress = null) =>
        Make(count, 1, progress, (velocity, noise) => solver.Sample(velocity, noise, nfe));

    /// <summary>
    /// The pairs of final multi-step distillation (METHOD, "Other trainers"): z₁ with the clean-image estimates x̂₀ = z_t − t·v(z_t, t)
    /// after 8, 11 and 14 of 16 Euler steps, along the channels.
    /// </summary>
    /// <inheritdoc cref="Samples"/>
    public PairSet Trajectories(int count, Action<int>? progress = null) => Make(count, KeptSteps.Count, progress, CleanImages);

    private static Tensor CleanImages(VelocityFunction velocity, Tensor noise)
    {
        var kept = new List<Tensor>();
        var z = noise;
        for (var step = 0; step <= KeptSteps[^1]; step++)
        {
            var t = (double)(TrajectorySteps - step) / TrajectorySteps;
            var v = velocity(z, t);
            if (KeptSteps.Contains(step))
            {
                kept.Add(z.add(v, -t));
            }

            z = z.add(v, -1.0 / TrajectorySteps);
        }

        return cat(kept, 1); // [batch, 3 · channels, height, width]
    }

    private PairSet Make(int count, int stages, Action<int>? progress, Func<VelocityFunction, Tensor, Tensor> integrate)
    {
        var (channels, height, width) = (model.ImageShape[0], model.ImageShape[1], model.ImageShape[2]);
        var bank = new NoiseBank(seed, (int)channels, (int)height, (int)width, RandomPurpose.Pairs);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var noise = empty(count, channels, height, width);
        var images = empty(count, stages * channels, height, width);
        var labels = model.Classes > 0 ? Labels(count) : null;
        for (var first = 0; first < count; first += BatchSize)
        {
            using var batchScope = NewDisposeScope();
            var made = first;
            var size = Math.Min(BatchSize, count - first);
            var z_1 = bank.Images(first, size);
            using var labelled = labels is null ? null : model.WithLabels(labels.narrow(0, first, size).to(device));
            var velocity = NetworkVelocity.Of(labelled ?? model);
            var result = integrate(Reported, z_1.to(device));
            noise.narrow(0, first, size).copy_(z_1);
            images.narrow(0, first, size).copy_(result);

            Tensor Reported(Tensor z, double t)
            {
                progress?.Invoke(made);
                return velocity(z, t);
            }
        }

        return new PairSet(noise, images, labels);
    }

    /// <summary>A class for each pair, all alike likely.</summary>
    private Tensor Labels(int count) =>
        tensor(Enumerable.Range(0, count).Select(pair => (long)new PhiloxSequence((uint)seed, RandomPurpose.PairLabels, (ulong)pair).NextInt(model.Classes)).ToArray());
}
