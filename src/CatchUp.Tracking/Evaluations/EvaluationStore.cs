namespace CatchUp.Tracking.Evaluations;

public sealed class EvaluationStore
{
    /// <summary>The run's evaluations by step, solver, NFE, head and metric.</summary>
    public Task<IReadOnlyList<Evaluation>> ListAsync(long run, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>The evaluations of several runs, or of a whole sweep, in one query.</summary>
    public Task<IReadOnlyList<Evaluation>> ListAsync(IReadOnlyList<long> runs, CancellationToken cancellation) => throw new NotImplementedException();
}
