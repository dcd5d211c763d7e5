using static TorchSharp.torch;

namespace CatchUp.Flow.Evaluation.Extractors.Inception;

/// <summary>
/// A convolution without bias, batch normalisation with fixed statistics, and max(0, ·). The normalisation is folded into the
/// convolution: weight·g/√(σ² + ε) and β − μ·g/√(σ² + ε).
/// </summary>
internal sealed class InceptionConvolution : IDisposable
{
    private const double Epsilon = 1e-3;

    private readonly Tensor weight; // [out, in, height, width]
    private readonly Tensor bias; // [out]
    private readonly long[] stride;
    private readonly long[] padding;

    public InceptionConvolution(WeightSource weights, string name, long inChannels, long outChannels, (long Height, long Width) kernel, long stride, bool padded)
    {
        (this.stride, padding) = ([stride, stride], padded ? [kernel.Height / 2, kernel.Width / 2] : [0, 0]);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var convolution = weights($"{name}.conv.weight", outChannels, inChannels, kernel.Height, kernel.Width);
        var gain = Statistic("weight") / (Statistic("running_var") + Epsilon).sqrt();
        weight = (convolution.to(ScalarType.Float64) * gain.view(-1, 1, 1, 1)).to(convolution.dtype).DetachFromDisposeScope();
        bias = (Statistic("bias") - Statistic("running_mean") * gain).to(convolution.dtype).DetachFromDisposeScope();

        Tensor Statistic(string part) => weights($"{name}.bn.{part}", outChannels).to(ScalarType.Float64);
    }

    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return nn.functional.conv2d(x, weight, bias, stride, padding).relu_().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        weight.Dispose();
        bias.Dispose();
    }
}
