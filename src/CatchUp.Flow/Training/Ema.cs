using CatchUp.Flow.Networks;
using static TorchSharp.torch;

namespace CatchUp.Flow.Training;

/// <summary>The exponential moving average of a network's parameters: average ← d·average + (1 − d)·parameters after every step.</summary>
public sealed class Ema : IDisposable
{
    private readonly EmaOptions _options;
    private readonly ParameterLayout _layout;
    private readonly Tensor _average; // [parameters], laid end to end
    private readonly nn.Module _network;

    /// <summary>An average that starts at the network's present parameters.</summary>
    /// <param name="network">The network, on the device where it stays.</param>
    /// <param name="options">Decay and warm-up.</param>
    public Ema(nn.Module network, EmaOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        _network = network;
        _options = options;
        _layout = new ParameterLayout(network);
        using var noGradient = no_grad();
        _average = _layout.Values().DetachFromDisposeScope();
    }

    /// <summary>The decay of step <paramref name="step"/>, from 0.</summary>
    public double Decay(long step) => _options.Warmup ? Math.Min(_options.Decay, (1.0 + step) / (10.0 + step)) : _options.Decay;

    /// <summary>Takes in the network's parameters after the update of step <paramref name="step"/>, from 0.</summary>
    public void Update(long step)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var decay = Decay(step);
        _average.mul_(decay).add_(_layout.Values(), 1 - decay);
    }

    /// <summary>The averaged parameters and the network's buffers, by name: a snapshot. Copies, in the caller's dispose scope.</summary>
    public Dictionary<string, Tensor> Weights()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var weights = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, _, part) in _layout.Split(_average))
        {
            weights.Add(name, part.clone().MoveToOuterDisposeScope());
        }

        foreach (var (name, buffer) in _network.named_buffers())
        {
            weights.Add(name, buffer.clone().MoveToOuterDisposeScope());
        }

        return weights;
    }

    /// <summary>Copies the average into a network of the same shape, such as the one that samples.</summary>
    /// <exception cref="InvalidDataException">The network has other parameters.</exception>
    public void CopyTo(nn.Module network)
    {
        using var scope = NewDisposeScope();
        NetworkWeights.Load(network, Weights());
    }

    /// <summary>Overwrites the parameters of a network of the same shape; buffers, which never change, are left alone.</summary>
    internal void WriteTo(ParameterLayout target)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        target.Write(_average);
    }

    /// <summary>Goes on from saved <see cref="Weights"/>.</summary>
    /// <exception cref="InvalidDataException">A parameter is missing or has another shape.</exception>
    public void Load(IReadOnlyDictionary<string, Tensor> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var parts = _layout.Split(_average).ToList();
        var unfit = parts.Where(item => !weights.TryGetValue(item.Name, out var given) || !given.shape.SequenceEqual(item.Part.shape)).Select(item => item.Name).ToList();
        if (unfit.Count > 0)
        {
            throw new InvalidDataException($"The averaged weights do not fit the network: {unfit.Count} of its parameters are missing or have another shape, the first is {unfit[0]}.");
        }

        foreach (var (name, _, part) in parts)
        {
            part.copy_(weights[name]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _average.Dispose();
}
