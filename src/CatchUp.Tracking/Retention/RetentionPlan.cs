namespace CatchUp.Tracking.Retention;

/// <summary>What the policies let go, or have let go.</summary>
/// <param name="Runs">Runs that lose a file.</param>
/// <param name="Checkpoints">Checkpoints and snapshots.</param>
/// <param name="Bytes">Disk space; a file that another row still refers to is not counted.</param>
/// <param name="LostEvaluations">How many evaluations lose their snapshot.</param>
/// <param name="Evaluations">The first of them.</param>
public sealed record RetentionPlan(int Runs, int Checkpoints, long Bytes, int LostEvaluations, IReadOnlyList<LostEvaluation> Evaluations)
{
    public const int MostListed = 200;
}
