using System.Globalization;
using CatchUp.Dashboard.Parameters;
using CatchUp.Statistics.Importance;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Compare;

/// <summary>Learns from other runs which keys make compared ones differ: from those of the same sweeps, or of the project where these are too few.</summary>
public sealed class DifferenceLearning(ParameterReading reading, ForestAnswers forests)
{
    /// <param name="measure">Null: the usual number of the first run's sweep.</param>
    /// <param name="reference">The run from which differences are counted; null: the first of the best configuration.</param>
    public async Task<LearntDifferences> LearnAsync(Comparison comparison, RunTerm? measure, long? reference, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var sweeps = comparison.Runs.Select(run => run.Summary.SweepId).OfType<long>().Distinct().Order().ToList();
        var archived = comparison.Runs.Where(run => run.Summary.Archived).Select(run => run.Summary.Id).ToList();
        var set = await reading.ReadAsync(new RunQuery { Filter = FilterOf(sweeps, archived) }, sweeps.Count > 0 ? sweeps[0] : null, measure, [], cancellation);
        var learnt = await ExplainAsync(comparison, set, sweeps.Count == 1 ? "the runs of its sweep" : "the runs of their sweeps", reference, cancellation);
        if (learnt.Explanation is not { NotEnough: not null } || comparison.Runs.Select(run => run.Summary.Project).Distinct().ToList() is not [var project])
        {
            return learnt;
        }

        var wider = await reading.ReadAsync(new RunQuery { Project = project }, null, set.Measure, [], cancellation);
        var other = await ExplainAsync(comparison, wider, $"the runs of project {project}", learnt.Reference, cancellation);
        return other.Explanation is { NotEnough: null } ? other : learnt;
    }

    private async Task<LearntDifferences> ExplainAsync(Comparison comparison, ParameterSet set, string from, long? reference, CancellationToken cancellation)
    {
        var places = set.Runs.Index().ToDictionary(run => run.Item.Id, run => run.Index);
        var known = comparison.Runs.Select(run => run.Summary.Id).Where(places.ContainsKey).ToList();
        if (known.Count < 2)
        {
            return new(set, from, reference, [], null);
        }

        var first = reference is { } wanted && known.Contains(wanted) ? wanted : BestOf(comparison, set, places);
        List<long> chosen = [first, .. known.Where(run => run != first)];
        var explanation = await forests.AskAsync(
            string.Create(CultureInfo.InvariantCulture, $"difference {set.Measure} {set.Version} {string.Join(',', chosen)}"),
            stop => DifferenceExplanation.Of(set.Observations(Enumerable.Range(0, set.Runs.Count)), [.. chosen.Select(run => places[run])], seed: 0, stop),
            cancellation);
        return new(set, from, first, chosen, explanation);
    }

    /// <summary>The first run of the configuration with the best mean.</summary>
    private static long BestOf(Comparison comparison, ParameterSet set, Dictionary<long, int> places) => comparison.Groups
        .Select(group => group.Runs.Select(run => run.Summary.Id).Where(places.ContainsKey).ToList())
        .Where(runs => runs.Count > 0)
        .MinBy(runs => runs.Average(run => set.Value.Places[places[run]]) * (set.LargerIsBetter ? -1 : 1))![0];

    private static RunFilter FilterOf(List<long> sweeps, List<long> archived)
    {
        var of = $"sweep in [{string.Join(", ", sweeps.Take(30))}]";
        return RunFilter.Read(archived.Count == 0 ? of : $"{of} and (archived = false or id in [{string.Join(", ", archived)}])").Filter ?? RunFilter.None;
    }
}
