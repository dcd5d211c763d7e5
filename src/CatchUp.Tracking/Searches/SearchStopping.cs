using CatchUp.Search.Stopping;

namespace CatchUp.Tracking.Searches;

/// <summary>What stopping early saved and, from the trials that finished although the rungs said no, an estimate of what it cost.</summary>
/// <param name="Pruned">Trials stopped at a rung.</param>
/// <param name="Spared">Trials that the rungs would have stopped and that finished.</param>
/// <param name="Missed">Those of them that ended better than every trial the rungs let through.</param>
/// <param name="MeanRegret">By how much on average a spared trial ended better than the best the rungs let through; null without spared trials.</param>
/// <param name="LargestRegret">The largest such difference; null without spared trials.</param>
/// <param name="Text">In words.</param>
public sealed record SearchStopping(int Pruned, int Spared, int Missed, double? MeanRegret, double? LargestRegret, string Text)
{
    internal static SearchStopping From(StoppingReport report) => new(
        report.Pruned, report.Spared, report.Missed, report.Spared == 0 ? null : report.MeanRegret, report.Spared == 0 ? null : report.LargestRegret, report.Text);
}
