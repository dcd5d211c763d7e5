using static TorchSharp.torch;

namespace CatchUp.Flow.Networks;

/// <summary>An extra output head: group norm, SiLU, 3×3 convolution on the torso's last features (METHOD, "The catch-up objective").</summary>
internal sealed class VelocityHead : nn.Module
{
    private readonly GroupNormalization _norm;
    private readonly Convolution _convolution;

    public VelocityHead(GroupNormalization norm, int channels, int outChannels)
        : base(nameof(VelocityHead))
    {
        _norm = norm;
        _convolution = new Convolution(channels, outChannels, 3, gain: Initialisation.NearlyZero);

        // The published names: layer 1, the SiLU, has no weights.
        var block = new NamedLayers("block");
        block.Add("0", _norm);
        block.Add("2", _convolution);
        register_module("block", block);
    }

    /// <summary>[batch, channels, height, width] → [batch, out, height, width].</summary>
    public Tensor Forward(Tensor features) => _convolution.Forward(_norm.ForwardSiLU(features));
}
