using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CatchUp.Flow.Networks;

/// <summary>
/// Group normalisation with min(32, channels/4) groups and ε 1e-6 (METHOD, "Networks"). Not <c>nn.GroupNorm</c>, which
/// TorchSharp 0.107 leaves uninitialised.
/// </summary>
internal sealed class GroupNormalization : nn.Module
{
    private const double Epsilon = 1e-6;

    private readonly long _groups;

    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    /// <exception cref="ArgumentException">The channels do not divide into the groups.</exception>
    public GroupNormalization(int channels)
        : base(nameof(GroupNormalization))
    {
        _groups = Math.Min(32, channels / 4);
        if (_groups == 0 || channels % _groups != 0)
        {
            throw new ArgumentException($"{channels} channels cannot be normalised in min(32, channels/4) = {_groups} groups. Use channels in multiples of 4 (up to 128) or of 32 (beyond).", nameof(channels));
        }

        _weight = new Parameter(ones(channels));
        _bias = new Parameter(zeros(channels));
        RegisterComponents();
    }

    /// <summary>Normalised <paramref name="x"/>, [batch, channels, height, width].</summary>
    public Tensor Forward(Tensor x) => nn.functional.group_norm(x, _groups, _weight, _bias, Epsilon);

    /// <summary>SiLU of the normalised <paramref name="x"/>.</summary>
    public Tensor ForwardSiLU(Tensor x)
    {
        // Autograd would copy the input of an in-place SiLU, so there is something to gain only without it.
        var normalised = Forward(x);
        return nn.functional.silu(normalised, inplace: !is_grad_enabled());
    }
}
