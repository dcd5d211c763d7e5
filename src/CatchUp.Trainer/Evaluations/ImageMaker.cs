using CatchUp.Flow.Networks;
using CatchUp.Flow.Noise;
using CatchUp.Flow.Solvers;
using CatchUp.Trainer.Runs;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Evaluations;

/// <summary>Generates images from a noise bank with the averaged network. Asks before every network evaluation whether to stop.</summary>
internal sealed class ImageMaker(VelocityNetwork network, NoiseBank bank, StopSignal stop, Device device)
{
    public int Heads => network.Heads;

    public int NoiseBank => bank.Bank;

    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public void ThrowIfStopped() => stop.ThrowIfRequested();

    /// <summary>The images that <paramref name="count"/> noises of the bank lead to, in the caller's dispose scope.</summary>
    /// <param name="first">Index of the first noise.</param>
    /// <param name="measurePaths">Whether to measure how straight the paths were.</param>
    /// <param name="clean">Receives what the images would have become on the way, where that is wanted; changes nothing about them.</param>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public GeneratedImages Make(Sampling sampling, long first, int count, bool measurePaths = false, CleanImages? clean = null)
    {
        using var scope = NewDisposeScope();
        using var labelled = network.Classes > 0 ? network.WithLabels(LabelsOf(first, count)) : null;
        var velocity = new CountingVelocity(NetworkVelocity.Of(labelled ?? network, sampling.Head));
        var noise = bank.Images(first, count, device);
        var velocities = measurePaths ? new List<Tensor>() : null;
        var images = sampling.Solver.Sample(clean?.Watch(Interruptible) ?? Interruptible, noise, sampling.Nfe, velocities);
        var trajectory = velocities is null ? null : Trajectory.Measure(velocities, noise, images);
        return new GeneratedImages(images.MoveToOuterDisposeScope(), velocity.Evaluations, trajectory);

        Tensor Interruptible(Tensor z, double t)
        {
            stop.ThrowIfRequested();
            return velocity.Evaluate(z, t);
        }
    }

    /// <summary>Image i of the bank has class i mod classes: every class equally often, and one cell of two grids the same class.</summary>
    private Tensor LabelsOf(long first, int count) => arange(first, first + count, dtype: ScalarType.Int64, device: device).remainder(network.Classes);
}
