using CatchUp.Flow.Networks;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CatchUp.Flow.Objectives;

/// <summary>Rectified flow (Liu et al. 2023): MSE(v(z_t, t), z₁ − z₀) (METHOD, "Other trainers").</summary>
/// <param name="waveletWeight">Weight of the <see cref="WaveletDetail"/> between z₁ − v and the image; 0 leaves it out.</param>
public sealed class RectifiedFlowObjective(double waveletWeight = 0) : Objective
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
        var groundTruth = F.mse_loss(v, noise - data);
        if (waveletWeight == 0)
        {
            return new ObjectiveResult(groundTruth, [("ground_truth_1", groundTruth.detach())], [v], []);
        }

        var wavelet = WaveletDetail.Distance(noise - v, data);
        var loss = groundTruth + wavelet * waveletWeight;
        return new ObjectiveResult(loss, [("ground_truth_1", groundTruth.detach()), ("wavelet", wavelet.detach())], [v], []);
    }
}
