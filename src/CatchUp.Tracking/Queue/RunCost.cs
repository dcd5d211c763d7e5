using System.Security.Cryptography;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Queue;

/// <summary>What decides how long a run takes, taken from its specification once, when it is queued.</summary>
/// <param name="Key">Equal for runs whose steps cost the same: network, objective, coupling, batch and images.</param>
/// <param name="EvaluationWork">Of all its evaluations, in <see cref="WorkOf"/>'s unit.</param>
/// <param name="Extractor">The feature extractor it needs; null: none.</param>
internal sealed record RunCost(string Key, double EvaluationWork, string? Extractor)
{
    /// <summary>Generated images times passes through the network. The extractor counts as four passes: where evaluations differ much, that is as rough as it sounds.</summary>
    public static double WorkOf(int samples, int nfe) => samples * (nfe + 4.0);

    public static RunCost Of(RunSpecification run)
    {
        var key = JsonSerializer.SerializeToUtf8Bytes(
            new { run.Kind, run.Data, run.Network, run.Coupling, run.Objective, run.Training.BatchSize, run.Training.Precision }, ContractJson.Options);
        var evaluation = run.Evaluation;
        var times = evaluation.Every <= 0 || run.Kind == RunKind.Evaluate ? 1 : (run.Training.Iterations + evaluation.Every - 1) / evaluation.Every;
        var perceptual = run.Objective.CatchUpLoss == CatchUpLoss.Perceptual;
        return new RunCost(
            Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 8)),
            ((times * Once(evaluation.Samples)) + evaluation.Gates.Sum(Once)) * evaluation.Heads.Count,
            evaluation.Samples > 0 || perceptual ? evaluation.Extractor : null);

        double Once(int samples) => evaluation.Solvers.Sum(solver => solver == SolverKind.Rk45 ? WorkOf(samples, Rk45Passes) : evaluation.Nfe.Sum(nfe => WorkOf(samples, nfe)));
    }

    /// <summary>It counts its own; on flows that have learned anything, about this many.</summary>
    private const int Rk45Passes = 60;
}
