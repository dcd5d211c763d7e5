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
    }

    /// <summary>A copy of the parameters.</summary>
    public Tensor Values() => cat([.. _parameters.Select(item => item.Parameter.detach().view(-1))], 0);

    /// <summary>Makes the parameters views of one vector and their gradients, zero, views of another; both are the caller's to dispose.</summary>
    public (Tensor Values, Tensor Gradients) Join()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var values = Values();
        var gradients = zeros_like(values);
        foreach (var ((_, parameter, part), (_, _, gradient)) in Split(values).Zip(Split(gradients)))
        {
            parameter.set_(part);
            parameter.grad = gradient;
        }

        return (values.DetachFromDisposeScope(), gradients.DetachFromDisposeScope());
    }

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
