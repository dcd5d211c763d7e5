using CatchUp.Flow.Networks;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CatchUp.Flow.Objectives;

/// <summary>Rectified flow (Liu et al. 2023): MSE(v(z_t, t), z₁ − z₀) (METHOD, "Other trainers").</summary>
public sealed class RectifiedFlowObjective : Objective
{
    /// <inheritdoc/>
    public override int Heads => 1;

    /// <inheritdoc/>
    protected override ObjectiveResult ComputeCore(VelocityNetwork network, Tensor data, Tensor noise, TimeDraws draws, double progress)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(draws);
        var t = new NetworkTime(network, draws.Time);
        var z_t = Interpolate(data, noise, t.Value);
        var v = network.Forward(z_t, t.Input);
        var loss = F.mse_loss(v, noise - data);
        return new ObjectiveResult(loss, [("ground_truth_1", loss.detach())], [v], []);
    }
}
