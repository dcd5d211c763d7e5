using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CatchUp.Flow.Networks;

/// <summary>
/// Group normalisation (METHOD, "Networks"): min(32, channels/4) groups and ε 1e-6 in `songunet`, 32 groups and ε 1e-5 in `adm`.
/// Not <c>nn.GroupNorm</c>, which TorchSharp 0.107 leaves uninitialised.
/// </summary>
internal sealed class GroupNormalization : nn.Module
{
    private readonly long _groups;
    private readonly double _epsilon;

    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    private GroupNormalization(int channels, int groups, double epsilon)
        : base(nameof(GroupNormalization))
    {
        (_groups, _epsilon) = (groups, epsilon);
        _weight = new Parameter(ones(channels));
        _bias = new Parameter(zeros(channels));
        RegisterComponents();
    }

    /// <exception cref="ArgumentException">The channels do not divide into the groups.</exception>
    public static GroupNormalization OfSongUNet(int channels)
    {
        var groups = Math.Min(32, channels / 4);
        return groups > 0 && channels % groups == 0
            ? new GroupNormalization(channels, groups, 1e-6)
            : throw new ArgumentException($"{channels} channels cannot be normalised in min(32, channels/4) = {groups} groups. Use channels in multiples of 4 (up to 128) or of 32 (beyond).", nameof(channels));
    }

    /// <exception cref="ArgumentException">The channels do not divide into the groups.</exception>
    public static GroupNormalization OfAdm(int channels) => channels > 0 && channels % 32 == 0
        ? new GroupNormalization(channels, 32, 1e-5)
        : throw new ArgumentException($"{channels} channels cannot be normalised in 32 groups. Use channels in multiples of 32.", nameof(channels));

    /// <summary>Normalised <paramref name="x"/>, [batch, channels, height, width].</summary>
    public Tensor Forward(Tensor x) => Normalise(x).Like(x);

    /// <summary>SiLU of the normalised <paramref name="x"/>.</summary>
    public Tensor ForwardSiLU(Tensor x)
    {
        // Autograd would copy the input of an in-place SiLU, so there is something to gain only without it.
        return nn.functional.silu(Normalise(x), inplace: !is_grad_enabled()).Like(x);
    }

    /// <summary>In the weights' type, also within a torso of less precision.</summary>
    private Tensor Normalise(Tensor x) =>
        nn.functional.group_norm(TorsoCast.IsHalf(x) ? x.to(_weight.dtype) : x, _groups, _weight, _bias, _epsilon);
}
