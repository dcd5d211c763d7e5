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
    /// <param name="noiseEncoder">The network of a learned coupling; null for others.</param>
    /// <param name="pairs">Pairs made with the initial run's model; null for couplings of the data set's images.</param>
    public static Coupling Coupling(RunSpecification specification, SongUNet? noiseEncoder, PairCoupling? pairs) => (noiseEncoder, pairs) switch
    {
        (_, not null) => pairs,
        (not null, _) => new LearnedCoupling(noiseEncoder, specification.Coupling.KlWeight),
        _ => new IndependentCoupling(),
    };

    /// <param name="average">The run's averaged weights, for objectives that learn from them.</param>
    /// <param name="teacher">The initial run's model, for objectives that distil it.</param>
    /// <param name="perceptual">The distance of a perceptual catch-up loss.</param>
    public static Objective Objective(RunSpecification specification, VelocityNetwork average, VelocityNetwork? teacher, PerceptualDistance? perceptual)
    {
        var objective = specification.Objective;
        return objective.Kind switch
        {
            ObjectiveKind.RectifiedFlow => new RectifiedFlowObjective(objective.WaveletWeight),
            ObjectiveKind.CatchUp => new CatchUpObjective(CatchUp(objective, perceptual)),
            ObjectiveKind.ConsistencyDistillation => new ConsistencyDistillationObjective(teacher!, average, objective.TimeSteps),
            ObjectiveKind.ProgressiveDistillation => new ProgressiveDistillationObjective(teacher!, objective.TimeSteps),
            ObjectiveKind.FinalDistillation => new FinalDistillationObjective(average),
            _ => throw new BadInputException($"objective.kind: {objective.Kind} is not known to this trainer."),
        };
    }

    /// <summary>Whether the objective learns from the averaged weights at every update.</summary>
    public static bool LearnsFromAverage(ObjectiveSpecification objective) =>
        objective.Kind is ObjectiveKind.ConsistencyDistillation or ObjectiveKind.FinalDistillation;

    /// <summary>Whether catch-up terms are measured by a feature extractor.</summary>
    public static bool IsPerceptual(ObjectiveSpecification objective) => objective is { Kind: ObjectiveKind.CatchUp, CatchUpLoss: CatchUpLoss.Perceptual };

    public static TorsoPrecision Precision(RunSpecification specification) =>
        specification.Training.Precision == TrainingPrecision.Bf16 ? TorsoPrecision.BFloat16 : TorsoPrecision.Full;

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

    /// <param name="tolerance">The tolerance of an adaptive solver.</param>
    public static Solver Solver(SolverKind kind, double tolerance = RungeKutta45Solver.DefaultTolerance) => kind switch
    {
        SolverKind.Euler => new EulerSolver(),
        SolverKind.Heun => new HeunSolver(),
        SolverKind.DpmSolver2 => MultistepSolver.DpmSolver2,
        SolverKind.DpmSolver3 => MultistepSolver.DpmSolver3,
        SolverKind.Deis => MultistepSolver.Deis,
        SolverKind.Rk45 => new RungeKutta45Solver(tolerance),
        _ => throw new BadInputException($"evaluation.solvers: {kind} is not known to this trainer."),
    };

    /// <summary>
    /// A hash of what decides the numbers of training; what is measured and kept may change between attempts. Values left at their
    /// defaults take no part, so that a checkpoint outlives the adding of a key.
    /// </summary>
    /// <param name="initialSha256">Hash of the initial run's weights; null for a run that has none.</param>
    public static string Fingerprint(RunSpecification specification, string? initialSha256 = null)
    {
        var decisive = Decisive(specification);
        RemoveEqual(decisive, Decisive(new RunSpecification()));
        if (initialSha256 is not null)
        {
            decisive["initialRun"] = JsonSerializer.SerializeToNode(specification.InitialRun, ContractJson.Options);
            decisive["initialSha256"] = initialSha256;
        }

        if (IsPerceptual(specification.Objective))
        {
            decisive["extractor"] = specification.Evaluation.Extractor;
            if (specification.Evaluation.Reference != EvaluationSpecification.DefaultReference)
            {
                decisive["reference"] = specification.Evaluation.Reference;
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(decisive.ToJsonString())));
    }

    private static CatchUpOptions CatchUp(ObjectiveSpecification objective, PerceptualDistance? perceptual) => new()
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
        Share = objective.CatchUpShare,
        Perceptual = perceptual,
        WaveletWeight = objective.WaveletWeight,
    };

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
            specification.Training.Precision,
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
