using CatchUp.Contracts.Specifications;

namespace CatchUp.Trainer.Runs;

/// <summary>What is due after which update. The last update has everything; a checkpoint comes before every evaluation.</summary>
internal sealed class Schedule(RunSpecification specification)
{
    public int LastStep => specification.Training.Iterations;

    public bool PointsDue(int step) => IsDue(step, specification.Training.LogEvery);

    public bool SamplesDue(int step) => specification.Samples.Images > 0 && IsDue(step, specification.Samples.Every);

    public bool EvaluationDue(int step) => specification.Evaluation.Samples > 0 && IsDue(step, specification.Evaluation.Every);

    public bool CheckpointDue(int step) => IsDue(step, specification.Training.CheckpointEvery) || EvaluationDue(step);

    private bool IsDue(int step, int every) => step == LastStep || (every > 0 && step % every == 0);
}
