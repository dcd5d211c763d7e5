using CatchUp.Dashboard.Charts;
using CatchUp.Dashboard.Compare;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Costs;

/// <summary>What a run, or the runs of a group together, cost.</summary>
/// <param name="Seconds">Of all its runs, with their teachers where these are asked for.</param>
/// <param name="ImagesPerSecond">While training: the mean over its runs.</param>
/// <param name="Parameters">Of one network.</param>
/// <param name="Reached">For each of its runs that has got to the number asked for, when.</param>
public sealed record CostRow(
    string Key, string Label, SeriesStyle Style, IReadOnlyList<long> Runs, IReadOnlyList<string> Devices, SlotTime Seconds, int Attempts, double? ImagesPerSecond, long? Parameters, long CheckpointBytes,
    IReadOnlyList<TimeToReach> Reached)
{
    /// <param name="counts">Whether a number is of the kind that the threshold is about; null: nothing is asked for.</param>
    public static CostRow Of(ComparisonGroup group, RunCosts costs, bool teachers, ILookup<long, Evaluation> evaluations, Func<Evaluation, bool>? counts, double? threshold, bool larger)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(costs);
        List<long> ids = [.. group.Runs.Select(run => run.Summary.Id)];
        var speeds = group.Runs.Select(run => run.ImagesPerSecond).OfType<double>().ToList();
        return new(
            group.Key,
            group.Label,
            group.Style,
            ids,
            costs.Devices(ids, teachers),
            costs.Of(ids, teachers),
            group.Runs.Sum(run => run.Attempts.Count),
            speeds.Count == 0 ? null : speeds.Average(),
            group.Runs.Select(run => run.ParameterCount).FirstOrDefault(count => count is not null),
            group.Runs.Sum(run => run.CheckpointBytes),
            counts is null || threshold is not { } number ? [] : [.. group.Runs.Select(run => TimeToReach.Of(run, [.. evaluations[run.Summary.Id].Where(counts)], [.. evaluations[run.Summary.Id]], number, larger)).OfType<TimeToReach>()]);
    }
}
