using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CatchUp.Flow.Networks;

/// <summary>
/// The guided-diffusion U-Net (Dhariwal and Nichol 2021) with scale-shift norm and residual up- and downsampling, optionally
/// class-conditional, with Prior ShakeDrop and up to three output heads (METHOD, "Networks", `adm`). Its weights have the names of
/// the published checkpoints.
/// </summary>
public sealed class AdmUNet : VelocityNetwork
{
    private readonly FixedFrequencies _frequencies;
    private readonly LinearLayer _time0;
    private readonly LinearLayer _time2;
    private readonly ClassEmbedding? _classes;
    private readonly Convolution _first;
    private readonly List<Stage> _encoder = [];
    private readonly List<Stage> _decoder = [];
    private readonly AdmBlock _middle0;
    private readonly AdmAttention _middle1;
    private readonly AdmBlock _middle2;
    private readonly GroupNormalization _outputNorm;
    private readonly Convolution _output;
    private readonly List<VelocityHead> _extraHeads = [];

    /// <summary>A network with new weights, drawn from torch's global generator.</summary>
    /// <exception cref="ArgumentException">The options are impossible; the message says why.</exception>
    public AdmUNet(AdmUNetOptions options)
        : base(nameof(AdmUNet))
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join(" ", problems), nameof(options));
        }

        Options = options;
        var half = options.Channels / 2;
        _frequencies = new FixedFrequencies(half, k => Math.Exp(-Math.Log(10000) * k / half));
        var width = EmbeddingWidth;
        var time = Layers(this, "time_embed");
        _time0 = time.Add("0", new LinearLayer(options.Channels, width));
        _time2 = time.Add("2", new LinearLayer(width, width));
        if (options.Classes > 0)
        {
            _classes = new ClassEmbedding(options.Classes, width);
            register_module("label_emb", _classes);
        }

        var encoder = Layers(this, "input_blocks");
        var channels = options.Channels * options.ChannelMultipliers[0];
        _first = Layers(encoder, "0").Add("0", new Convolution(options.InChannels, channels, 3));
        var skips = new Stack<int>([channels]);
        for (var level = 0; level < options.ChannelMultipliers.Count; level++)
        {
            if (level > 0)
            {
                var down = Layers(encoder, $"{skips.Count}").Add("0", Block(channels, channels, Resampling.Down));
                _encoder.Add(new Stage(down, null, null));
                skips.Push(channels);
            }

            for (var index = 0; index < options.Blocks; index++)
            {
                var layers = Layers(encoder, $"{skips.Count}");
                var block = layers.Add("0", Block(channels, LevelChannels(level)));
                channels = block.OutChannels;
                _encoder.Add(new Stage(block, HasAttention(level) ? layers.Add("1", Attention(channels)) : null, null));
                skips.Push(channels);
            }
        }

        var middle = Layers(this, "middle_block");
        _middle0 = middle.Add("0", Block(channels, channels));
        _middle1 = middle.Add("1", Attention(channels));
        _middle2 = middle.Add("2", Block(channels, channels));

        var decoder = Layers(this, "output_blocks");
        for (var level = options.ChannelMultipliers.Count - 1; level >= 0; level--)
        {
            for (var index = 0; index <= options.Blocks; index++)
            {
                var layers = Layers(decoder, $"{_decoder.Count}");
                var block = layers.Add("0", Block(channels + skips.Pop(), LevelChannels(level)));
                channels = block.OutChannels;
                var attention = HasAttention(level) ? layers.Add("1", Attention(channels)) : null;
                var up = index == options.Blocks && level > 0 ? layers.Add(attention is null ? "1" : "2", Block(channels, channels, Resampling.Up)) : null;
                _decoder.Add(new Stage(block, attention, up));
            }
        }

        var output = Layers(this, "out");
        _outputNorm = output.Add("0", GroupNormalization.OfAdm(channels));
        _output = output.Add("2", new Convolution(channels, options.OutChannels, 3, gain: Initialisation.NearlyZero));
        if (options.Heads > 1)
        {
            var generators = Layers(this, "generator_list");
            for (var head = 2; head <= options.Heads; head++)
            {
                _extraHeads.Add(generators.Add($"{head - 2}", new VelocityHead(GroupNormalization.OfAdm(channels), channels, options.OutChannels)));
            }
        }

        KeepWeights();
    }

    /// <summary>What this network was made of.</summary>
    public AdmUNetOptions Options { get; }

    /// <inheritdoc/>
    public override int Heads => Options.Heads;

    /// <inheritdoc/>
    public override bool DiscreteTime => Options.DiscreteTime;

    /// <inheritdoc/>
    public override int TimeSteps => Options.TimeSteps;

    /// <inheritdoc/>
    public override int Classes => Options.Classes;

    /// <inheritdoc/>
    public override IReadOnlyList<long> ImageShape => [Options.InChannels, Options.ImageSize, Options.ImageSize];

    private int EmbeddingWidth => 4 * Options.Channels;

    /// <inheritdoc/>
    /// <returns>[batch, channels of the highest level, image size, image size].</returns>
    /// <exception cref="ArgumentException">A shape is not what the options promise, or labels are missing or too many.</exception>
    public override Tensor Features(Tensor z, Tensor t, Tensor? labels = null)
    {
        CheckInput(z, t, labels);
        using var scope = NewDisposeScope();
        var time = t.to(z.dtype);
        if (Options.DiscreteTime)
        {
            time = time / Options.TimeSteps;
        }

        var embedding = ToTorso(F.silu(Embed(time, labels))); // every block begins with it
        var x = _first.Forward(ToTorso(z));
        var skips = new Stack<Tensor>([x]);
        foreach (var stage in _encoder)
        {
            x = stage.Forward(x, embedding);
            skips.Push(x);
        }

        x = _middle2.Forward(_middle1.Forward(_middle0.Forward(x, embedding)), embedding);
        var (own, skip) = Options.PriorShakeDrop ? ShakeDrop.Weights(time, Options.Phi) : (null, null);
        foreach (var stage in _decoder)
        {
            var stored = skips.Pop();
            x = stage.Forward(own is null ? cat([x, stored], 1) : cat([x * own.Like(x), stored * skip!.Like(x)], 1), embedding);
        }

        return FromTorso(x, z).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override Tensor ApplyHead(Tensor features, int head) =>
        head == 1 ? _output.Forward(_outputNorm.ForwardSiLU(features)) : _extraHeads[head - 2].Forward(features);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _frequencies.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>[batch] → [batch, 4·channels]: cosines, then sines, then two linear layers with SiLU between them, plus the class's vector.</summary>
    private Tensor Embed(Tensor time, Tensor? labels)
    {
        var angles = outer(time, _frequencies.For(time));
        var embedding = _time2.Forward(F.silu(_time0.Forward(cat([angles.cos(), angles.sin()], 1))));
        return _classes is null ? embedding : embedding + _classes.Forward(labels!);
    }

    private AdmBlock Block(int inChannels, int outChannels, Resampling resampling = Resampling.None) =>
        new(inChannels, outChannels, EmbeddingWidth, Options.Dropout, resampling);

    private AdmAttention Attention(int channels) => new(channels, Options.ChannelsPerHead);

    private int LevelChannels(int level) => Options.Channels * Options.ChannelMultipliers[level];

    private bool HasAttention(int level) => Options.AttentionResolutions.Contains(Options.ImageSize >> level);

    private static NamedLayers Layers(nn.Module parent, string name)
    {
        var layers = new NamedLayers(name);
        parent.register_module(name, layers);
        return layers;
    }

    /// <summary>A residual block with the attention and the upsampling that follow it, if any.</summary>
    private sealed record Stage(AdmBlock Block, AdmAttention? Attention, AdmBlock? Up)
    {
        public Tensor Forward(Tensor x, Tensor embedding)
        {
            x = Block.Forward(x, embedding);
            x = Attention?.Forward(x) ?? x;
            return Up?.Forward(x, embedding) ?? x;
        }
    }
}
