using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CatchUp.Flow.Networks;

/// <summary>Self-attention over pixels with heads of equal width, added to its input (Dhariwal and Nichol 2021).</summary>
internal sealed class AdmAttention : nn.Module
{
    private readonly int _channels;
    private readonly int _channelsPerHead;

    [ComponentName(Name = "norm")]
    private readonly GroupNormalization _norm;

    [ComponentName(Name = "qkv")]
    private readonly Convolution _qkv;

    [ComponentName(Name = "proj_out")]
    private readonly Convolution _projection;

    public AdmAttention(int channels, int channelsPerHead)
        : base(nameof(AdmAttention))
    {
        _channels = channels;
        _channelsPerHead = channelsPerHead;
        _norm = GroupNormalization.OfAdm(channels);
        _qkv = new Convolution(channels, 3 * channels, 1);
        _projection = new Convolution(channels, channels, 1, gain: Initialisation.NearlyZero);
        RegisterComponents();
    }

    /// <summary>[batch, channels, height, width] → the same. Channels of qkv are ordered (q, k, v) × head × channel; scale 1/√(channels per head).</summary>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (batch, height, width) = (x.shape[0], x.shape[2], x.shape[3]);
        var heads = batch * (_channels / _channelsPerHead);
        var parts = _qkv.Forward(_norm.Forward(x)).chunk(3, 1);
        var attended = PixelAttention.Attend(Heads(parts[0]), Heads(parts[1]), Heads(parts[2])).view(batch, _channels, height, width);
        return _projection.Forward(attended).add_(x, Scalars.One).MoveToOuterDisposeScope();

        // [batch · heads, channels per head, pixels]
        Tensor Heads(Tensor part) => part.reshape(heads, _channelsPerHead, height * width);
    }
}
