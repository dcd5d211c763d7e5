using CatchUp.Flow.Networks;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CatchUp.Flow.Objectives;

/// <summary>
/// The catch-up objective of Catch-Up Distillation, RK12, RK23 and RK34 (METHOD, "The catch-up objective"; arXiv
/// 2305.10769): Σ_i MSE(v_i(z_t, t), T_i) + Σ_i MSE(v_i(z_t, t), z₁ − z₀), where T_i is the current network's own
/// velocity i steps Δ earlier on the path that a Runge–Kutta slope leads along.
/// </summary>
public sealed class CatchUpObjective : Objective
{
    private readonly CatchUpOptions _options;

    /// <exception cref="ArgumentException">N is below 1, or the share not in (0, 1].</exception>
    public CatchUpObjective(CatchUpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TimeSteps, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Share, 1);
        _options = options;
    }

    /// <summary>One head for RK12, two for RK23, three for RK34.</summary>
    public override int Heads => (int)_options.Order;

    /// <inheritdoc/>
    protected override ObjectiveResult ComputeCore(VelocityNetwork network, Tensor data, Tensor noise, TimeDraws draws, double progress)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(draws);
        CheckGrid(network, _options.TimeSteps, nameof(network));
        var t = new NetworkTime(network, draws.Time);
        var delta = Delta(network, t.Value, draws.Uniform);
        var z_t = Interpolate(data, noise, t.Value);
        var groundTruth = noise - data;

        var predictions = network.ForwardHeads(z_t, t.Input);
        var (targets, catchUpTerms) = CatchUp();
        var groundTruthTerms = predictions.Select(v_i => F.mse_loss(v_i, groundTruth)).ToList();
        var (catchUpWeight, groundTruthWeight) = _options.LossWeights == LossWeights.Progress
            ? (2 * progress, 2 * (1 - progress))
            : (1.0, 1.0);
        var loss = Sum(catchUpTerms, catchUpWeight) + Sum(groundTruthTerms, groundTruthWeight);
        List<(string Name, Tensor Value)> terms = [.. Named("catch_up", catchUpTerms), .. Named("ground_truth", groundTruthTerms)];
        if (_options.WaveletWeight > 0)
        {
            var wavelet = WaveletDetail.Distance(noise - predictions[0], data);
            loss += wavelet * _options.WaveletWeight;
            terms.Add(("wavelet", wavelet.detach()));
        }

        return new ObjectiveResult(loss, terms, predictions, targets);

        // The targets and terms of the samples that catch up: the first of the batch, all of it when the share is 1.
        (Tensor[] Targets, List<Tensor> Terms) CatchUp()
        {
            var batch = z_t.shape[0];
            var count = Math.Clamp((long)Math.Round(_options.Share * batch), 1, batch);
            Tensor Part(Tensor whole) => count == batch ? whole : whole.narrow(0, 0, count);

            using var labelled = network.Labels is { } labels ? network.WithLabels(Part(labels)) : null;
            var (part, time) = (Part(z_t), new NetworkTime(network, Part(draws.Time)));
            var firstSlope = _options.ReuseFirstSlope ? Part(predictions[0]).detach() : null;
            var targets = Targets(labelled ?? network, part, time, Part(delta), Part(groundTruth), firstSlope);
            return (targets, [.. predictions.Zip(targets, (v_i, t_i) => CatchUpTerm(part, time.Value, Part(v_i), t_i))]);
        }
    }

    private Tensor CatchUpTerm(Tensor z_t, Tensor t, Tensor v_i, Tensor t_i)
    {
        if (_options.Perceptual is not { } perceptual)
        {
            return F.mse_loss(v_i, t_i);
        }

        var time = t.to(z_t.dtype).view(-1, 1, 1, 1);
        return perceptual.Between(z_t - time * v_i, z_t - time * t_i);
    }

    /// <summary>Δ, [batch]: 1/N, t/N or u/N.</summary>
    private Tensor Delta(VelocityNetwork network, Tensor t, Tensor u)
    {
        var strategy = network.DiscreteTime ? DeltaStrategy.Constant : _options.Delta;
        return strategy switch
        {
            DeltaStrategy.Constant => full_like(t, 1.0 / _options.TimeSteps),
            DeltaStrategy.Rule => t / _options.TimeSteps,
            _ => u.to(t.dtype) / _options.TimeSteps,
        };
    }

    /// <summary>T_i = v(p_i, t − iΔ), p_i = z_t − iΔ·s; z₁ − z₀ where there is no room below t. Without gradient, all from head 1.</summary>
    private Tensor[] Targets(VelocityNetwork network, Tensor z_t, NetworkTime t, Tensor delta, Tensor groundTruth, Tensor? firstSlope)
    {
        using var noGradient = no_grad();
        var step = delta.to(z_t.dtype).view(-1, 1, 1, 1);
        var s = Slope(network, z_t, t, delta, step, firstSlope);

        // All H targets in one pass of H times the batch.
        var states = cat([.. Enumerable.Range(1, Heads).Select(i => z_t - step * s * i)], 0); // p_i
        var times = cat([.. Enumerable.Range(1, Heads).Select(i => t.InputBefore(i, delta))], 0);
        var velocities = network.Forward(states, times, network.Labels?.repeat(Heads)).chunk(Heads, 0);

        var hasNoRoom = t.HasNoRoom(Heads, delta).view(-1, 1, 1, 1);
        return [.. velocities.Select(velocity => where(hasNoRoom, groundTruth, velocity))];
    }

    /// <summary>
    /// The slope s that leads from z_t to the p_i. RK12: k₁. RK23: ½k₁ + ½k₂. RK34: 5/12·k₁ + 2/3·k₂ − 1/12·k₃, where
    /// k₂ = v(z_t − Δk₁, t − Δ) and k₃ = v(z_t − Δ(7/4·k₁ + 1/4·k₂), t − 2Δ).
    /// </summary>
    private Tensor Slope(VelocityNetwork network, Tensor z_t, NetworkTime t, Tensor delta, Tensor step, Tensor? firstSlope)
    {
        var k1 = firstSlope ?? network.Forward(z_t, t.Input);
        if (_options.Order == CatchUpOrder.Rk12)
        {
            return k1;
        }

        var k2 = network.Forward(z_t - step * k1, t.InputBefore(1, delta));
        if (_options.Order == CatchUpOrder.Rk23)
        {
            return k1 * (1.0 / 2) + k2 * (1.0 / 2);
        }

        var k3 = network.Forward(z_t - step * (k1 * (7.0 / 4) + k2 * (1.0 / 4)), t.InputBefore(2, delta));
        return k1 * (5.0 / 12) + k2 * (2.0 / 3) - k3 * (1.0 / 12);
    }

    private static Tensor Sum(List<Tensor> terms, double weight)
    {
        var sum = terms[0];
        foreach (var term in terms.Skip(1))
        {
            sum += term;
        }

        return weight == 1 ? sum : sum * weight;
    }

    private static IEnumerable<(string Name, Tensor Value)> Named(string name, List<Tensor> terms) =>
        terms.Select((term, index) => ($"{name}_{index + 1}", term.detach()));
}
