using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Costs;

/// <summary>When a run first had a number at least as good as one asked for.</summary>
/// <param name="Step">The first evaluated step with such a number.</param>
/// <param name="Seconds">Time of its slots until that step was evaluated; of all attempts, lost ones too.</param>
public sealed record TimeToReach(int Step, double Seconds)
{
    /// <param name="counted">The run's numbers that count, all of one metric, protocol, solver, head and NFE.</param>
    /// <param name="all">All the run's numbers: the first of a step tells when the run was there, for others may have been added later.</param>
    /// <returns>Null when it never was.</returns>
    public static TimeToReach? Of(RunDetails run, IReadOnlyList<Evaluation> counted, IReadOnlyList<Evaluation> all, double threshold, bool larger)
    {
        ArgumentNullException.ThrowIfNull(run);
        var reached = counted.Where(evaluation => double.IsFinite(evaluation.Value) && (larger ? evaluation.Value >= threshold : evaluation.Value <= threshold)).MinBy(evaluation => evaluation.Step);
        if (reached is null)
        {
            return null;
        }

        var at = all.Where(evaluation => evaluation.Step == reached.Step).Min(evaluation => evaluation.At);
        return new(reached.Step, run.Attempts.Sum(attempt =>
        {
            var end = attempt.EndedAt is { } ended && ended < at ? ended : at;
            return end > attempt.AssignedAt ? (end - attempt.AssignedAt).TotalSeconds : 0;
        }));
    }
}
