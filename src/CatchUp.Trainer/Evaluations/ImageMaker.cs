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

    /// <summary>The images that <paramref name="count"/> noises of the bank lead to, [count, channels, height, width].</summary>
    /// <param name="first">Index of the first noise.</param>
    /// <param name="trajectory">When given, receives how straight the paths were.</param>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public Tensor Make(Sampling sampling, long first, int count, Action<Trajectory>? trajectory = null)
    {
        using var scope = NewDisposeScope();
        using var labelled = network.Classes > 0 ? network.WithLabels(LabelsOf(first, count)) : null;
        var velocity = NetworkVelocity.Of(labelled ?? network, sampling.Head);
        var noise = bank.Images(first, count, device);
        var velocities = trajectory is null ? null : new List<Tensor>();
        var images = sampling.Solver.Sample(Interruptible, noise, sampling.Nfe, velocities);
        trajectory?.Invoke(Trajectory.Measure(velocities!, noise, images));
        return images.MoveToOuterDisposeScope();

        Tensor Interruptible(Tensor z, double t)
        {
            stop.ThrowIfRequested();
            return velocity(z, t);
        }
    }

    /// <summary>Image i of the bank has class i mod classes: every class equally often, and one cell of two grids the same class.</summary>
    private Tensor LabelsOf(long first, int count) => arange(first, first + count, dtype: ScalarType.Int64, device: device).remainder(network.Classes);
}
