using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CatchUp.Flow.Training;

/// <summary>
/// The parameters of one or more networks laid end to end in one vector, in the order of their registration. An update is then a handful
/// of large operations rather than a handful for each of hundreds of small tensors.
/// </summary>
internal sealed class ParameterLayout
{
    private readonly List<(string Name, Parameter Parameter)> _parameters;
    private readonly long[] _sizes;

    public ParameterLayout(params IEnumerable<nn.Module> networks)
    {
        _parameters = [.. networks.SelectMany(network => network.named_parameters())];
        _sizes = [.. _parameters.Select(item => item.Parameter.numel())];
        Length = _sizes.Sum();
    }

    /// <summary>Number of scalars.</summary>
    public long Length { get; }

    /// <summary>A vector of zeros, of the parameters' type and on their device.</summary>
    public Tensor Zeros() => zeros(Length, dtype: _parameters[0].Parameter.dtype, device: _parameters[0].Parameter.device);

    /// <summary>A copy of the parameters.</summary>
    public Tensor Values() => cat([.. _parameters.Select(item => item.Parameter.detach().view(-1))], 0);

    /// <summary>A copy of the gradients; zero where a parameter has none.</summary>
    public Tensor Gradients() => cat([.. _parameters.Select(item => item.Parameter.grad is { } gradient ? gradient.reshape(-1) : zeros_like(item.Parameter).view(-1))], 0);

    /// <summary>Overwrites the parameters.</summary>
    public void Write(Tensor vector)
    {
        foreach (var (_, parameter, part) in Split(vector))
        {
            parameter.copy_(part);
        }
    }

    /// <summary>Each parameter with its part of <paramref name="vector"/>, a view in the parameter's shape.</summary>
    public IEnumerable<(string Name, Parameter Parameter, Tensor Part)> Split(Tensor vector) =>
        _parameters.Zip(vector.split(_sizes), (item, part) => (item.Name, item.Parameter, part.view(item.Parameter.shape)));
}
