using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CatchUp.Contracts;
using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Couplings;
using CatchUp.Flow.Networks;
using CatchUp.Flow.Objectives;
using CatchUp.Flow.Solvers;
using CatchUp.Flow.Training;
using CatchUp.Trainer.Input;

namespace CatchUp.Trainer.Runs;

/// <summary>Turns a run's specification into the parts that compute it.</summary>
internal static class Recipe
{
    public static Coupling Coupling(RunSpecification specification, SongUNet? noiseEncoder) => noiseEncoder is null
        ? new IndependentCoupling()
        : new LearnedCoupling(noiseEncoder, specification.Coupling.KlWeight);

    public static Objective Objective(RunSpecification specification)
    {
        var objective = specification.Objective;
        return objective.Kind == ObjectiveKind.RectifiedFlow
            ? new RectifiedFlowObjective()
            : new CatchUpObjective(new CatchUpOptions
            {
                Order = objective.Order switch
                {
                    Contracts.Specifications.CatchUpOrder.Rk12 => Flow.Objectives.CatchUpOrder.Rk12,
                    Contracts.Specifications.CatchUpOrder.Rk23 => Flow.Objectives.CatchUpOrder.Rk23,
                    _ => Flow.Objectives.CatchUpOrder.Rk34,
                },
                Delta = objective.Delta switch
                {
                    Contracts.Specifications.DeltaStrategy.Constant => Flow.Objectives.DeltaStrategy.Constant,
                    Contracts.Specifications.DeltaStrategy.Rule => Flow.Objectives.DeltaStrategy.Rule,
                    _ => Flow.Objectives.DeltaStrategy.Uniform,
                },
                TimeSteps = objective.TimeSteps,
                LossWeights = objective.LossWeights == Contracts.Specifications.LossWeights.Progress
                    ? Flow.Objectives.LossWeights.Progress
                    : Flow.Objectives.LossWeights.Equal,
                ReuseFirstSlope = objective.ReuseFirstSlope,
            });
    }

    public static TrainingOptions Training(RunSpecification specification) => new()
    {
        Seed = specification.Seed,
        Iterations = specification.Training.Iterations,
        BatchSize = specification.Training.BatchSize,
        HorizontalFlip = specification.Data.HorizontalFlip,
        Adam = new AdamOptions
        {
            LearningRate = specification.Optimizer.LearningRate,
            WarmupSteps = specification.Optimizer.WarmupSteps,
            Beta1 = specification.Optimizer.Beta1,
            Beta2 = specification.Optimizer.Beta2,
            Epsilon = specification.Optimizer.Epsilon,
        },
        Ema = new EmaOptions { Decay = specification.Ema.Decay, Warmup = specification.Ema.Warmup },
    };

    public static Solver Solver(SolverKind kind) => kind switch
    {
        SolverKind.Euler => new EulerSolver(),
        _ => throw new BadInputException($"evaluation.solvers: {kind} is not known to this trainer."),
    };

    /// <summary>
    /// A hash of what decides the numbers of training; what is measured and kept may change between attempts. Values left at their
    /// defaults take no part, so that a checkpoint outlives the adding of a key.
    /// </summary>
    public static string Fingerprint(RunSpecification specification)
    {
        var decisive = Decisive(specification);
        RemoveEqual(decisive, Decisive(new RunSpecification()));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(decisive.ToJsonString())));
    }

    private static JsonObject Decisive(RunSpecification specification) => JsonSerializer.SerializeToNode(
        new
        {
            specification.Seed,
            specification.Data,
            specification.Network,
            specification.Coupling,
            specification.Objective,
            specification.Optimizer,
            specification.Ema,
            specification.Training.BatchSize,
        },
        ContractJson.Options)!.AsObject();

    private static void RemoveEqual(JsonObject values, JsonObject defaults)
    {
        foreach (var (name, value) in values.ToList())
        {
            if (value is JsonObject section)
            {
                RemoveEqual(section, defaults[name]!.AsObject());
            }
            else if (JsonNode.DeepEquals(value, defaults[name]))
            {
                values.Remove(name);
            }
        }
    }
}
