using CatchUp.Flow.Networks;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CatchUp.Flow.Objectives;

/// <summary>
/// Final multi-step distillation, the paper's additional training for one-step sampling (METHOD, "Other trainers"):
/// MSE(z₁ − v(z₁, 1), x̂₀) + 0.1·MSE(v(z₁, 1), v_EMA(z₁, 1)). The data it is given are the clean images x̂₀ that a trajectory of the
/// trained model saw from z₁, one after the other along the channels; training goes through them in stages of equal length.
/// </summary>
public sealed class FinalDistillationObjective : Objective
{
    /// <summary>Weight of staying near the averaged network.</summary>
    public const double AverageWeight = 0.1;

    private readonly VelocityNetwork _average;

    /// <param name="average">The network's averaged weights, in evaluation mode, kept up to date by the caller.</param>
    public FinalDistillationObjective(VelocityNetwork average)
    {
        ArgumentNullException.ThrowIfNull(average);
        _average = average;
    }

    /// <inheritdoc/>
    public override int Heads => 1;

    /// <summary>t = 1 for every sample; nothing is drawn.</summary>
    public override TimeDraws Draw(VelocityNetwork network, long batch, Generator generator, Device? device = null) =>
        new(ones(batch, device: device), zeros(batch, device: device));

    /// <inheritdoc/>
    protected override ObjectiveResult ComputeCore(VelocityNetwork network, Tensor data, Tensor noise, TimeDraws draws, double progress)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(draws);
        var start = ones_like(draws.Time);
        var v = network.Forward(noise, new NetworkTime(network, start).Input);
        var target = Target(noise, start, network.Labels);

        var image = F.mse_loss(noise - v, StageOf(data, noise.shape[1], progress));
        var average = F.mse_loss(v, target);
        var loss = image + AverageWeight * average;
        return new ObjectiveResult(loss, [("one_step", image.detach()), ("average", average.detach())], [v], [target]);
    }

    /// <summary>The images of the stage that training is in.</summary>
    private static Tensor StageOf(Tensor data, long channels, double progress)
    {
        var stages = data.shape[1] / channels;
        var stage = Math.Min((long)(progress * stages), stages - 1);
        return data.narrow(1, stage * channels, channels);
    }

    private Tensor Target(Tensor z_1, Tensor start, Tensor? labels)
    {
        using var noGradient = no_grad();
        return _average.Forward(z_1, new NetworkTime(_average, start).Input, labels);
    }
}
