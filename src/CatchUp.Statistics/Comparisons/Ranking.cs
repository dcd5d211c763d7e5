using CatchUp.Statistics.Samples;

namespace CatchUp.Statistics.Comparisons;

/// <summary>
/// Which group of runs is best, and which cannot be told from it. As the best was picked by looking, each of the k − 1 comparisons with
/// it counts as one of all k (k − 1) / 2 that might have been made (<see cref="HolmCorrection"/>), so that with k equal groups any is
/// called worse at most as often as one test errs.
/// </summary>
/// <param name="Groups">By mean, the best first; those without a finite value last.</param>
/// <param name="Comparisons">How many tests the correction counts.</param>
public sealed record Ranking(IReadOnlyList<RankedGroup> Groups, Better Better, double Confidence, int Comparisons)
{
    /// <summary>Null when no group has two finite values.</summary>
    public RankedGroup? Best => Groups.FirstOrDefault(group => group.Standing == Standing.Best);

    /// <param name="seed">Of permutation tests with many pairs.</param>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not above 0 and below 1.</exception>
    public static Ranking Of(IReadOnlyList<Replicates> groups, Better better, int seed = 0, double confidence = 0.95)
    {
        var summaries = groups
            .Select(group => (Group: group, Summary: SampleSummary.Of(group.Runs.Select(run => run.Value), confidence)))
            .OrderBy(pair => pair.Summary.Mean switch { null => double.PositiveInfinity, { } mean => better == Better.Lower ? mean : -mean })
            .ToList();
        var candidates = summaries.Count(pair => pair.Summary.Count >= 2);
        var comparisons = candidates * (candidates - 1) / 2;
        if (candidates == 0)
        {
            return new([.. summaries.Select(pair => new RankedGroup(pair.Group, pair.Summary, Standing.Undecided, null, null))], better, confidence, 0);
        }

        var best = summaries.FindIndex(pair => pair.Summary.Count >= 2);
        var against = summaries.Select(pair => Comparison.Of(summaries[best].Group.Runs, pair.Group.Runs, seed, confidence)).ToList();
        var tested = Enumerable.Range(0, summaries.Count).Where(index => index != best && against[index].PValue is not null).ToList();
        double[] pValues = [.. tested.Select(index => against[index].PValue!.Value)];
        var adjusted = tested.Zip(HolmCorrection.Adjust(pValues, comparisons)).ToDictionary();
        var levels = tested.Zip(HolmCorrection.Levels(pValues, 1 - confidence, comparisons)).ToDictionary();
        return new([.. summaries.Select((pair, index) => Rank(pair.Group, pair.Summary, index))], better, confidence, comparisons);

        RankedGroup Rank(Replicates group, SampleSummary summary, int index)
        {
            if (index == best)
            {
                return new(group, summary, Standing.Best, null, null);
            }

            if (!adjusted.TryGetValue(index, out var p))
            {
                return new(group, summary, Standing.Undecided, against[index], null);
            }

            var comparison = against[index].At(1 - levels[index]);
            var worse = comparison.Outcome == (better == Better.Lower ? Outcome.Higher : Outcome.Lower);
            return new(group, summary, worse ? Standing.Worse : Standing.TiedWithBest, comparison, p);
        }
    }
}
