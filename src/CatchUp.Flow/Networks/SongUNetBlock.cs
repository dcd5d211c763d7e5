using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CatchUp.Flow.Networks;

/// <summary>
/// Residual block of the EDM formulation: norm, SiLU, convolution; additive time embedding; norm, SiLU, dropout,
/// convolution; the skip added and all scaled by √½; then optionally one-head self-attention, added and scaled likewise.
/// </summary>
internal sealed class SongUNetBlock : nn.Module
{
    private readonly double _dropout;

    [ComponentName(Name = "norm0")]
    private readonly GroupNormalization _norm0;

    [ComponentName(Name = "conv0")]
    private readonly Convolution _conv0;

    [ComponentName(Name = "affine")]
    private readonly LinearLayer _affine;

    [ComponentName(Name = "norm1")]
    private readonly GroupNormalization _norm1;

    [ComponentName(Name = "conv1")]
    private readonly Convolution _conv1;

    [ComponentName(Name = "skip")]
    private readonly Convolution? _skip;

    [ComponentName(Name = "norm2")]
    private readonly GroupNormalization? _norm2;

    [ComponentName(Name = "qkv")]
    private readonly Convolution? _qkv;

    [ComponentName(Name = "proj")]
    private readonly Convolution? _proj;

    public SongUNetBlock(int inChannels, int outChannels, int embeddingChannels, double dropout, bool attention, Resampling resampling, IReadOnlyList<int> filter)
        : base(nameof(SongUNetBlock))
    {
        InChannels = inChannels;
        OutChannels = outChannels;
        _dropout = dropout;
        _norm0 = GroupNormalization.OfSongUNet(inChannels);
        _conv0 = new Convolution(inChannels, outChannels, 3, resampling, filter);
        _affine = new LinearLayer(embeddingChannels, outChannels);
        _norm1 = GroupNormalization.OfSongUNet(outChannels);
        _conv1 = new Convolution(outChannels, outChannels, 3, gain: Initialisation.NearlyZero);
        if (inChannels != outChannels || resampling != Resampling.None)
        {
            _skip = new Convolution(inChannels, outChannels, 1, resampling, filter);
        }

        if (attention)
        {
            _norm2 = GroupNormalization.OfSongUNet(outChannels);
            _qkv = new Convolution(outChannels, 3 * outChannels, 1, gain: Math.Sqrt(0.2));
            _proj = new Convolution(outChannels, outChannels, 1, gain: Initialisation.NearlyZero);
        }

        RegisterComponents();
    }

    public int InChannels { get; }

    public int OutChannels { get; }

    /// <summary>[batch, in, height, width] and the embedding [batch, embedding] → [batch, out, height, width], resampled.</summary>
    public Tensor Forward(Tensor x, Tensor embedding)
    {
        using var scope = NewDisposeScope();

        // In place only on outputs that no backward pass reads: those of convolutions, sums and multiples.
        var h = _conv0.Forward(_norm0.ForwardSiLU(x));
        h.add_(_affine.Forward(embedding).unsqueeze(-1).unsqueeze(-1), Scalars.One);
        h = _norm1.ForwardSiLU(h);
        if (_dropout > 0 && training)
        {
            h = F.dropout(h, _dropout, training: true);
        }

        h = _conv1.Forward(h).add_(_skip is null ? x : _skip.Forward(x), Scalars.One).mul_(Scalars.SqrtHalf);
        if (_qkv is not null)
        {
            h = _proj!.Forward(Attend(_qkv.Forward(_norm2!.Forward(h)))).add_(h, Scalars.One).mul_(Scalars.SqrtHalf);
        }

        return h.MoveToOuterDisposeScope();
    }

    /// <summary>One-head attention over pixels. The channels of <paramref name="qkv"/> are ordered channel × (q, k, v); scale 1/√C.</summary>
    private Tensor Attend(Tensor qkv)
    {
        var (batch, height, width) = (qkv.shape[0], qkv.shape[2], qkv.shape[3]);
        var parts = qkv.view(batch, OutChannels, 3, height * width);
        return PixelAttention.Attend(parts.select(2, 0), parts.select(2, 1), parts.select(2, 2)).view(batch, OutChannels, height, width);
    }
}
