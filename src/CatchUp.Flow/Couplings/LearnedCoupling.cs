using CatchUp.Flow.Networks;
using static TorchSharp.torch;

namespace CatchUp.Flow.Couplings;

/// <summary>
/// Noise that an encoder network draws for its image (METHOD, "Coupling of data and noise", `learned`): z₁ = μ + ξ·exp(½ log σ²),
/// ξ ~ N(0, I), at the price β·KL(N(μ, σ²) ‖ N(0, I)). The gradient reaches the encoder through z₁, wherever an objective uses it.
/// </summary>
public sealed class LearnedCoupling : Coupling
{
    private readonly SongUNet _encoder;
    private readonly double _klWeight;

    /// <param name="encoder">Gives [μ | log σ²], twice the channels of its input, at t = 1.</param>
    /// <param name="klWeight">β.</param>
    /// <exception cref="ArgumentException">The encoder has other channels.</exception>
    public LearnedCoupling(SongUNet encoder, double klWeight)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        if (encoder.Options.OutChannels != 2 * encoder.Options.InChannels)
        {
            throw new ArgumentException($"A noise encoder gives a mean and a variance: twice its {encoder.Options.InChannels} input channels, not {encoder.Options.OutChannels}.", nameof(encoder));
        }

        (_encoder, _klWeight) = (encoder, klWeight);
    }

    /// <inheritdoc/>
    public override nn.Module Network => _encoder;

    /// <inheritdoc/>
    public override CoupledBatch Draw(Tensor data, Generator generator)
    {
        using var scope = NewDisposeScope();
        var pairs = Draw(data, IndependentCoupling.StandardNormal(data, generator));
        pairs.Noise.MoveToOuterDisposeScope();
        pairs.Loss!.MoveToOuterDisposeScope();
        pairs.Terms[0].Value.MoveToOuterDisposeScope();
        return pairs;
    }

    /// <summary>μ and log σ² of each pixel's noise, the shape of <paramref name="data"/> each.</summary>
    internal (Tensor Mean, Tensor LogVariance) Encode(Tensor data)
    {
        using var scope = NewDisposeScope();
        var one = _encoder.DiscreteTime ? _encoder.TimeSteps : 1;
        var parts = _encoder.Forward(data, full(data.shape[0], one, dtype: data.dtype, device: data.device)).chunk(2, 1);
        return (parts[0].MoveToOuterDisposeScope(), parts[1].MoveToOuterDisposeScope());
    }

    /// <summary>The pairs that <paramref name="xi"/>, ξ of the shape of <paramref name="data"/>, leads to.</summary>
    internal CoupledBatch Draw(Tensor data, Tensor xi)
    {
        var (mean, logVariance) = Encode(data);
        var kl = KlDivergence(mean, logVariance);
        return new CoupledBatch(data, mean + xi * (logVariance * 0.5).exp()) { Loss = kl * _klWeight, Terms = [("kl", kl.detach())] };
    }

    /// <summary>KL(N(μ, σ²) ‖ N(0, 1)) = ½(μ² + σ² − 1 − log σ²), the mean over data dimensions: a scalar.</summary>
    internal static Tensor KlDivergence(Tensor mean, Tensor logVariance) =>
        (mean.square() + (logVariance.expm1() - logVariance)).mean() * 0.5; // expm1: a new encoder's divergence is below the rounding error of σ² − 1
}
