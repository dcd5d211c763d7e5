using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CatchUp.Flow.Networks;

/// <summary>A linear layer: Xavier weights, zero bias.</summary>
internal sealed class LinearLayer : nn.Module
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    public LinearLayer(int inFeatures, int outFeatures)
        : base(nameof(LinearLayer))
    {
        _weight = Initialisation.Xavier([outFeatures, inFeatures]);
        _bias = new Parameter(zeros(outFeatures));
        RegisterComponents();
    }

    /// <summary>[batch, inFeatures] → [batch, outFeatures].</summary>
    public Tensor Forward(Tensor x) => nn.functional.linear(x, _weight.Like(x), _bias.Like(x));
}
