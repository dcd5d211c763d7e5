using CatchUp.Tracking.Retention;

namespace CatchUp.Dashboard.Api;

/// <summary>What retention frees; with <paramref name="DryRun"/>, what it would free.</summary>
/// <param name="LostEvaluations">How many evaluations could not be made again; <paramref name="Evaluations"/> lists the first of them.</param>
internal sealed record ApiRetention(bool DryRun, int Runs, int Checkpoints, long Bytes, int LostEvaluations, IReadOnlyList<LostEvaluation> Evaluations)
{
    public static ApiRetention From(RetentionPlan plan, bool dry) => new(dry, plan.Runs, plan.Checkpoints, plan.Bytes, plan.LostEvaluations, plan.Evaluations);
}
