using System.Text.Json;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Flow.Parity;

/// <summary>The catch-up objective on given data, noise and draws: predictions, targets, terms, loss and gradients.</summary>
internal static class CatchUpLossParity
{
    public static void Check(ParityCase parityCase, Comparison comparison)
    {
        var description = parityCase.Description;
        using var network = parityCase.Network();
        var (weights, progress) = ReadWeights(description);
        var objective = new CatchUpObjective(new CatchUpOptions
        {
            Order = ReadOrder(description, network.Heads),
            Delta = ReadDelta(description),
            TimeSteps = (int)ParityCase.NumberOr(description, "steps", network.TimeSteps),
            LossWeights = weights,
            ReuseFirstSlope = false,
        });

        var (z_0, z_1) = (parityCase.Tensor("z0"), parityCase.Tensor("z1"));
        var result = objective.Compute(network, z_0, z_1, new TimeDraws(parityCase.Tensor("t"), parityCase.Tensor("u")), progress);
        result.Loss.backward();

        var tolerance = parityCase.Tolerance;
        for (var head = 1; head <= network.Heads; head++)
        {
            comparison.Tensors($"prediction{head}", parityCase.Tensor($"prediction{head}"), result.Predictions[head - 1], tolerance);
            comparison.Tensors($"target{head}", parityCase.Tensor($"target{head}"), result.Targets[head - 1], tolerance);
        }

        var terms = ParityCase.Numbers(description, "terms");
        if (terms.Count != result.Terms.Count)
        {
            throw new InvalidDataException($"case.json has {terms.Count} terms, the objective {result.Terms.Count}");
        }

        foreach (var ((name, value), expected) in result.Terms.Zip(terms))
        {
            comparison.Numbers(name, expected, value.ToDouble(), tolerance);
        }

        comparison.Numbers("loss", ParityCase.Number(description, "loss"), result.Loss.ToDouble(), tolerance);
        CheckGradients(parityCase, network, comparison);
    }

    /// <summary>The order that a case names, else the one that its number of heads means.</summary>
    public static CatchUpOrder ReadOrder(JsonElement description, int heads)
    {
        var name = ParityCase.TextOr(description, "runge_kutta", heads switch { 1 => "12", 2 => "23", _ => "34" });
        return name switch
        {
            "12" => CatchUpOrder.Rk12,
            "23" => CatchUpOrder.Rk23,
            "34" => CatchUpOrder.Rk34,
            _ => throw new InvalidDataException($"'runge_kutta' in case.json is '{name}', not 12, 23 or 34"),
        };
    }

    public static DeltaStrategy ReadDelta(JsonElement description) => ParityCase.Text(description, "delta_t") switch
    {
        "constant" => DeltaStrategy.Constant,
        "rule" => DeltaStrategy.Rule,
        "uniform" => DeltaStrategy.Uniform,
        var other => throw new InvalidDataException($"'delta_t' in case.json is '{other}', not constant, rule or uniform"),
    };

    /// <summary>Euclidean norm of the whole gradient, in double precision.</summary>
    public static double GradientNorm(IEnumerable<Tensor> parameters) =>
        Math.Sqrt(parameters.Sum(parameter => parameter.grad is { } gradient ? gradient.to(ScalarType.Float64).square().sum().ToDouble() : 0));

    private static (LossWeights Weights, double Progress) ReadWeights(JsonElement description)
    {
        if (!description.TryGetProperty("weights", out var weights))
        {
            return (LossWeights.Equal, 0);
        }

        return ParityCase.Text(weights, "kind") switch
        {
            "equal" => (LossWeights.Equal, 0),
            "progress-linear" => (LossWeights.Progress, ParityCase.Number(weights, "progress")),
            var other => throw new InvalidDataException($"the weights' kind '{other}' is not known"),
        };
    }

    private static void CheckGradients(ParityCase parityCase, SongUNet network, Comparison comparison)
    {
        var tolerance = ParityCase.NumberOr(parityCase.Description, "tolerance_gradient", parityCase.Tolerance);
        var parameters = network.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        foreach (var (name, expected) in parityCase.TensorsUnder("grad."))
        {
            var gradient = parameters.TryGetValue(name, out var parameter) ? parameter.grad : null;
            comparison.Tensors($"grad.{name}", expected, gradient ?? throw new InvalidDataException($"the network has no gradient of '{name}'"), tolerance);
        }

        if (ParityCase.Has(parityCase.Description, "grad_norm"))
        {
            comparison.RelativeNumbers("grad_norm", ParityCase.Number(parityCase.Description, "grad_norm"), GradientNorm(parameters.Values), tolerance);
        }
    }
}
