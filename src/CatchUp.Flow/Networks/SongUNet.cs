using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CatchUp.Flow.Networks;

/// <summary>
/// The DDPM++/NCSN++ U-Net in the EDM formulation (Song et al. 2021; Karras et al. 2022, table 1), with Prior ShakeDrop
/// and up to three output heads (METHOD, "Networks"). Its weights have the names of the published checkpoints.
/// </summary>
public sealed class SongUNet : VelocityNetwork
{
    private readonly int _embeddingChannels;
    private readonly FixedFrequencies? _frequencies; // [n/2], of the positional embedding
    private readonly NamedLayers? _fourier; // holds [n/2] random frequencies among the weights
    private readonly LinearLayer _embedding0;
    private readonly LinearLayer _embedding1;
    private readonly Convolution _first;
    private readonly List<EncoderStep> _encoder = [];
    private readonly List<SongUNetBlock> _decoder = [];
    private readonly GroupNormalization _outputNorm;
    private readonly Convolution _output;
    private readonly List<VelocityHead> _extraHeads = [];

    /// <summary>A network with new weights, drawn from torch's global generator.</summary>
    /// <exception cref="ArgumentException">The options are impossible; the message says why.</exception>
    public SongUNet(SongUNetOptions options)
        : base(nameof(SongUNet))
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join(" ", problems), nameof(options));
        }

        Options = options;
        _embeddingChannels = options.Channels * options.ChannelMultNoise;
        if (options.Embedding == TimeEmbedding.Positional)
        {
            // (1/10000)^(k/(n/2 − 1)): the last one is 1/10000 itself.
            _frequencies = new FixedFrequencies(_embeddingChannels / 2, k => Math.Pow(1.0 / 10000, k / (_embeddingChannels / 2 - 1.0)));
        }
        else
        {
            // The deviation 16 of NCSN++ (Song et al. 2021).
            _fourier = new NamedLayers("map_noise");
            _fourier.register_buffer("freqs", randn(_embeddingChannels / 2, dtype: ScalarType.Float32).mul_(16));
            register_module("map_noise", _fourier);
        }

        var width = options.Channels * options.ChannelMultEmbedding;
        _embedding0 = new LinearLayer(_embeddingChannels, width);
        _embedding1 = new LinearLayer(width, width);
        register_module("map_layer0", _embedding0);
        register_module("map_layer1", _embedding1);

        var patch = options.PatchSize * options.PatchSize;
        var (inChannels, outChannels) = (options.InChannels * patch, options.OutChannels * patch);
        var encoder = new NamedLayers("enc");
        var decoder = new NamedLayers("dec");
        register_module("enc", encoder);
        register_module("dec", decoder);

        _first = encoder.Add(Name(0, "conv"), new Convolution(inChannels, options.Channels, 3));
        var skips = new Stack<int>([options.Channels]);
        var channels = options.Channels;
        var imageChannels = inChannels;
        for (var level = 0; level < options.ChannelMultipliers.Count; level++)
        {
            if (level > 0)
            {
                var down = encoder.Add(Name(level, "down"), Block(channels, channels, false, Resampling.Down));
                Convolution? image = null;
                if (options.Encoder == EncoderKind.Residual)
                {
                    image = encoder.Add(Name(level, "aux_residual"), new Convolution(imageChannels, channels, 3, Resampling.DownAfter, options.ResampleFilter));
                    imageChannels = channels;
                }

                _encoder.Add(new EncoderStep(down, image));
                skips.Push(channels);
            }

            for (var index = 0; index < options.Blocks; index++)
            {
                var block = encoder.Add(Name(level, $"block{index}"), Block(channels, LevelChannels(level), HasAttention(level), Resampling.None));
                channels = block.OutChannels;
                _encoder.Add(new EncoderStep(block, null));
                skips.Push(channels);
            }
        }

        var lowest = options.ChannelMultipliers.Count - 1;
        for (var level = lowest; level >= 0; level--)
        {
            if (level == lowest)
            {
                _decoder.Add(decoder.Add(Name(level, "in0"), Block(channels, channels, true, Resampling.None)));
                _decoder.Add(decoder.Add(Name(level, "in1"), Block(channels, channels, false, Resampling.None)));
            }
            else
            {
                _decoder.Add(decoder.Add(Name(level, "up"), Block(channels, channels, false, Resampling.Up)));
            }

            for (var index = 0; index <= options.Blocks; index++)
            {
                var attention = index == options.Blocks && HasAttention(level);
                var block = decoder.Add(Name(level, $"block{index}"), Block(channels + skips.Pop(), LevelChannels(level), attention, Resampling.None));
                channels = block.OutChannels;
                _decoder.Add(block);
            }
        }

        _outputNorm = decoder.Add(Name(0, "aux_norm"), GroupNormalization.OfSongUNet(channels));
        _output = decoder.Add(Name(0, "aux_conv"), new Convolution(channels, outChannels, 3, gain: Initialisation.NearlyZero));
        for (var head = 2; head <= options.Heads; head++)
        {
            var extra = new VelocityHead(GroupNormalization.OfSongUNet(channels), channels, outChannels);
            register_module($"head{head}", extra);
            _extraHeads.Add(extra);
        }

        KeepWeights();
    }

    /// <summary>What this network was made of.</summary>
    public SongUNetOptions Options { get; }

    /// <inheritdoc/>
    public override int Heads => Options.Heads;

    /// <inheritdoc/>
    public override bool DiscreteTime => Options.DiscreteTime;

    /// <inheritdoc/>
    public override int TimeSteps => Options.TimeSteps;

    /// <inheritdoc/>
    public override IReadOnlyList<long> ImageShape => [Options.InChannels, Options.ImageSize, Options.ImageSize];

    /// <inheritdoc/>
    /// <returns>[batch, channels of the highest level, image size / patch size, image size / patch size].</returns>
    /// <exception cref="ArgumentException">A shape is not what the options promise, or there are labels.</exception>
    public override Tensor Features(Tensor z, Tensor t, Tensor? labels = null)
    {
        CheckInput(z, t, labels);
        using var scope = NewDisposeScope();
        var time = t.to(z.dtype);
        if (Options.DiscreteTime)
        {
            time = time / Options.TimeSteps;
        }

        var embedding = ToTorso(Embed(time));
        var image = ToTorso(Options.PatchSize > 1 ? F.pixel_unshuffle(z, Options.PatchSize) : z);
        var x = _first.Forward(image);
        var skips = new Stack<Tensor>([x]);
        foreach (var (block, imageStep) in _encoder)
        {
            x = block.Forward(x, embedding);
            if (imageStep is not null)
            {
                x = image = imageStep.Forward(image).add_(x, Scalars.One).mul_(Scalars.SqrtHalf);
            }

            skips.Push(x);
        }

        var (own, skip) = Options.PriorShakeDrop ? ShakeDrop.Weights(time, Options.Phi) : (null, null);
        foreach (var block in _decoder)
        {
            if (block.InChannels != x.shape[1])
            {
                var stored = skips.Pop();
                x = own is null ? cat([x, stored], 1) : cat([x * own.Like(x), stored * skip!.Like(x)], 1);
            }

            x = block.Forward(x, embedding);
        }

        return FromTorso(x, z).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override Tensor ApplyHead(Tensor features, int head)
    {
        var velocity = head == 1 ? _output.Forward(_outputNorm.ForwardSiLU(features)) : _extraHeads[head - 2].Forward(features);
        return Options.PatchSize > 1 ? F.pixel_shuffle(velocity, Options.PatchSize) : velocity;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _frequencies?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>[batch] → [batch, 4·channels]: sines, then cosines, then two linear layers with SiLU.</summary>
    private Tensor Embed(Tensor time)
    {
        var frequencies = _fourier is null ? _frequencies!.For(time) : _fourier.get_buffer("freqs")! * (2 * Math.PI);
        var angles = outer(time, frequencies);
        var embedding = cat([angles.sin(), angles.cos()], 1);
        return F.silu(_embedding1.Forward(F.silu(_embedding0.Forward(embedding))));
    }

    private SongUNetBlock Block(int inChannels, int outChannels, bool attention, Resampling resampling) =>
        new(inChannels, outChannels, Options.Channels * Options.ChannelMultEmbedding, Options.Dropout, attention, resampling, Options.ResampleFilter);

    private int LevelChannels(int level) => Options.Channels * Options.ChannelMultipliers[level];

    private bool HasAttention(int level) => Options.AttentionResolutions.Contains(Options.Resolution >> level);

    private string Name(int level, string layer) => $"{Options.Resolution >> level}x{Options.Resolution >> level}_{layer}";

    /// <summary>A block of the encoder, and the step of the auxiliary image branch that follows it, if any.</summary>
    private sealed record EncoderStep(SongUNetBlock Block, Convolution? Image);
}
