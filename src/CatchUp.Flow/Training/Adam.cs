using static TorchSharp.torch;

namespace CatchUp.Flow.Training;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1) with a linear warm-up. Its state is a plain dictionary of tensors; saved and
/// loaded, it goes on with the same bits.
/// </summary>
public sealed class Adam : IDisposable
{
    private const string FirstMomentName = "first_moment";
    private const string SecondMomentName = "second_moment";
    private const string StepsName = "steps";

    private readonly AdamOptions _options;
    private readonly Tensor _weights; // [parameters], laid end to end, as are the three below
    private readonly Tensor _gradients;
    private readonly Tensor _firstMoment;
    private readonly Tensor _secondMoment;

    /// <param name="network">The network to update, on the device where it stays.</param>
    /// <param name="options">Learning rate and the rest.</param>
    public Adam(nn.Module network, AdamOptions options)
        : this([network], options)
    {
    }

    /// <param name="networks">The networks to update together, on the device where they stay. Their parameters and gradients become views of two vectors, so that an update is a handful of operations.</param>
    /// <param name="options">Learning rate and the rest.</param>
    public Adam(IReadOnlyList<nn.Module> networks, AdamOptions options)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        (_weights, _gradients) = new ParameterLayout(networks).Join();
        _firstMoment = zeros_like(_weights).DetachFromDisposeScope();
        _secondMoment = zeros_like(_weights).DetachFromDisposeScope();
    }

    /// <summary>Updates made so far: the index i, from 0, of the next one.</summary>
    public long Steps { get; private set; }

    /// <summary>The learning rate of the next update: LearningRate · min(i/w, 1) (METHOD, "The paper's settings"). With a warm-up the very first is 0.</summary>
    public double LearningRate => _options.WarmupSteps > 0
        ? _options.LearningRate * Math.Min((double)Steps / _options.WarmupSteps, 1)
        : _options.LearningRate;

    /// <summary>The gradients of all parameters, one vector; a parameter that has none counts as having zeros.</summary>
    public Tensor Gradients => _gradients;

    /// <summary>Sets the gradients to zero; call before each backward pass. A network's own <c>zero_grad</c> would cut its gradients off from this optimizer.</summary>
    public void ZeroGradients() => _gradients.zero_();

    /// <summary>Updates the networks from their gradients.</summary>
    public void Step()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (beta1, beta2) = (_options.Beta1, _options.Beta2);
        var learningRate = LearningRate;
        Steps++;

        var g = _gradients;
        _firstMoment.mul_(beta1).add_(g, 1 - beta1);
        _secondMoment.mul_(beta2).addcmul_(g, g, 1 - beta2);

        // θ ← θ − α·m̂/(√v̂ + ε), m̂ = m/(1 − β₁ⁿ), v̂ = v/(1 − β₂ⁿ)
        var denominator = _secondMoment.sqrt().div_(Math.Sqrt(1 - Math.Pow(beta2, Steps))).add_(_options.Epsilon);
        var update = _firstMoment.div(denominator).mul_(learningRate / (1 - Math.Pow(beta1, Steps)));
        _weights.sub_(update);
    }

    /// <summary>All that it takes to go on: both moments as vectors over all parameters, and the number of updates. Copies, in the caller's dispose scope.</summary>
    public Dictionary<string, Tensor> State() => new(StringComparer.Ordinal)
    {
        [FirstMomentName] = _firstMoment.clone(),
        [SecondMomentName] = _secondMoment.clone(),
        [StepsName] = tensor(Steps),
    };

    /// <summary>Goes on from a saved state.</summary>
    /// <exception cref="InvalidDataException">The state is incomplete or of another network.</exception>
    public void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.TryGetValue(FirstMomentName, out var first) || !state.TryGetValue(SecondMomentName, out var second) || !state.TryGetValue(StepsName, out var steps))
        {
            throw new InvalidDataException($"The optimizer's state needs '{FirstMomentName}', '{SecondMomentName}' and '{StepsName}'; it has {string.Join(", ", state.Keys.Order(StringComparer.Ordinal))}.");
        }

        if (first.numel() != _weights.numel() || second.numel() != _weights.numel())
        {
            throw new InvalidDataException($"The optimizer's state is of {first.numel()} and {second.numel()} parameters, the network has {_weights.numel()}.");
        }

        using var noGradient = no_grad();
        _firstMoment.copy_(first);
        _secondMoment.copy_(second);
        Steps = steps.item<long>();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _gradients.Dispose();
        _firstMoment.Dispose();
        _secondMoment.Dispose();
    }
}
