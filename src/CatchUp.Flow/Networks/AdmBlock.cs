using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CatchUp.Flow.Networks;

/// <summary>
/// Residual block of ADM (Dhariwal and Nichol 2021): norm, SiLU, resampling, convolution; norm, then h·(1 + scale) + shift by the
/// embedding; SiLU, dropout, convolution; the resampled skip added.
/// </summary>
internal sealed class AdmBlock : nn.Module
{
    private readonly double _dropout;
    private readonly Resampling _resampling;
    private readonly GroupNormalization _inNorm;
    private readonly Convolution _inConvolution;
    private readonly LinearLayer _embedding;
    private readonly GroupNormalization _outNorm;
    private readonly Convolution _outConvolution;
    private readonly Convolution? _skip;

    /// <param name="resampling">None, Down (2×2 mean) or Up (nearest).</param>
    public AdmBlock(int inChannels, int outChannels, int embeddingChannels, double dropout, Resampling resampling = Resampling.None)
        : base(nameof(AdmBlock))
    {
        OutChannels = outChannels;
        _dropout = dropout;
        _resampling = resampling;

        // The published names: the layers between these have no weights.
        var (inLayers, embeddingLayers, outLayers) = (new NamedLayers("in_layers"), new NamedLayers("emb_layers"), new NamedLayers("out_layers"));
        register_module("in_layers", inLayers);
        register_module("emb_layers", embeddingLayers);
        register_module("out_layers", outLayers);
        _inNorm = inLayers.Add("0", GroupNormalization.OfAdm(inChannels));
        _inConvolution = inLayers.Add("2", new Convolution(inChannels, outChannels, 3));
        _embedding = embeddingLayers.Add("1", new LinearLayer(embeddingChannels, 2 * outChannels));
        _outNorm = outLayers.Add("0", GroupNormalization.OfAdm(outChannels));
        _outConvolution = outLayers.Add("3", new Convolution(outChannels, outChannels, 3, gain: Initialisation.NearlyZero));
        if (inChannels != outChannels)
        {
            _skip = new Convolution(inChannels, outChannels, 1);
            register_module("skip_connection", _skip);
        }
    }

    public int OutChannels { get; }

    /// <summary>[batch, in, height, width] and SiLU of the embedding [batch, embedding] → [batch, out, height, width], resampled.</summary>
    public Tensor Forward(Tensor x, Tensor embedding)
    {
        using var scope = NewDisposeScope();
        var h = _inConvolution.Forward(Resample(_inNorm.ForwardSiLU(x)));
        var parts = _embedding.Forward(embedding).unsqueeze(-1).unsqueeze(-1).chunk(2, 1); // scale, shift: [batch, out, 1, 1]
        h = F.silu(_outNorm.Forward(h) * (parts[0] + 1) + parts[1]);
        if (_dropout > 0 && training)
        {
            h = F.dropout(h, _dropout, training: true);
        }

        var skip = Resample(x);
        return _outConvolution.Forward(h).add_(_skip is null ? skip : _skip.Forward(skip), Scalars.One).MoveToOuterDisposeScope();
    }

    private Tensor Resample(Tensor x) => _resampling switch
    {
        Resampling.None => x,
        Resampling.Down => F.avg_pool2d(x, 2),
        _ => F.interpolate(x, scale_factor: [2, 2], mode: InterpolationMode.Nearest),
    };
}
