using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CatchUp.Flow.Networks;

/// <summary>What a <see cref="Convolution"/> does to the resolution.</summary>
internal enum Resampling
{
    None,

    /// <summary>Filter and take every second pixel, then convolve.</summary>
    Down,

    /// <summary>Insert zeros and filter, then convolve.</summary>
    Up,

    /// <summary>Convolve at the higher resolution, then filter and take every second pixel (the auxiliary branch of NCSN++).</summary>
    DownAfter,
}

/// <summary>A convolution that keeps the size, optionally with a resampling by 2 around it (METHOD, "Networks", `songunet`).</summary>
internal sealed class Convolution : nn.Module
{
    private readonly Resampling _resampling;
    private readonly int _inChannels;
    private readonly int _outChannels;
    private readonly int _padding;
    private readonly int _filterPadding;
    private readonly bool _isBox;

    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    // Part of the published weights' names; [1, 1, taps, taps], sum 1.
    [ComponentName(Name = "resample_filter")]
    private readonly Tensor? _filter;

    public Convolution(int inChannels, int outChannels, int kernel, Resampling resampling = Resampling.None, IReadOnlyList<int>? filter = null, double gain = 1)
        : base(nameof(Convolution))
    {
        _inChannels = inChannels;
        _outChannels = outChannels;
        _resampling = resampling;
        _padding = kernel / 2;
        _weight = Initialisation.Xavier([outChannels, inChannels, kernel, kernel], gain);
        _bias = new Parameter(zeros(outChannels));
        if (resampling != Resampling.None)
        {
            ArgumentNullException.ThrowIfNull(filter);
            using var taps = tensor(filter.Select(tap => (float)tap / filter.Sum()).ToArray());
            using var outer = torch.outer(taps, taps);
            _filter = outer.reshape(1, 1, filter.Count, filter.Count);
            _filterPadding = (filter.Count - 1) / 2;
            _isBox = filter.Count == 2 && filter[0] == filter[1];
        }

        RegisterComponents();
    }

    /// <summary>[batch, in, height, width] → [batch, out, height, width], height and width halved or doubled by the resampling.</summary>
    public Tensor Forward(Tensor x) => _resampling switch
    {
        Resampling.None => Convolve(x),
        Resampling.Down => Convolve(Halve(x, _inChannels, _filterPadding)),
        Resampling.Up when _isBox && _padding == 0 => Double(Convolve(x)), // nearest-neighbour doubling commutes with a 1×1 convolution
        Resampling.Up => Convolve(Double(x)),
        _ => Halve(F.conv2d(x, _weight.Like(x), padding: [_padding + _filterPadding, _padding + _filterPadding]), _outChannels, 0).add_(_bias.Like(x).view(1, -1, 1, 1)),
    };

    private Tensor Convolve(Tensor x) => F.conv2d(x, _weight.Like(x), _bias.Like(x), padding: [_padding, _padding]);

    private Tensor Halve(Tensor x, int channels, int padding) => _isBox
        ? F.avg_pool2d(x, 2)
        : F.conv2d(x, _filter!.Like(x).expand(channels, -1, -1, -1), strides: [2, 2], padding: [padding, padding], groups: channels);

    // The factor 4 makes up for the zeros between pixels; for the box filter both together are nearest-neighbour doubling.
    private Tensor Double(Tensor x) => _isBox
        ? F.interpolate(x, scale_factor: [2, 2], mode: InterpolationMode.Nearest)
        : F.conv_transpose2d(x, _filter!.Like(x).mul(4).expand(_inChannels, -1, -1, -1), strides: [2, 2], padding: [_filterPadding, _filterPadding], groups: _inChannels);
}
