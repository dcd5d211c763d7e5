using CatchUp.Search.Ledger;

namespace CatchUp.Search.Objectives;

/// <summary>Configurations than which none is better in every objective (non-dominated sorting: Deb et al., NSGA-II, 2002).</summary>
public static class ParetoFront
{
    /// <summary>The finished trials that no other dominates, by their first objective.</summary>
    public static IReadOnlyList<TrialRecord> Of(SearchHistory history)
    {
        var finished = history.Trials.Where(trial => trial is { State: TrialState.Finished, Values: not null }).ToList();
        var costs = finished.Select(trial => history.Goals.Costs(trial.Values!)).ToList();
        return [.. First(costs).OrderBy(index => costs[index][0]).ThenBy(index => index).Select(index => finished[index])];
    }

    /// <summary>
    /// Indices of the points that no other dominates, by their first coordinate; less is better in each, and equal points are all on the
    /// front or none is. A point with a coordinate that is not finite is left out.
    /// </summary>
    /// <param name="costs">[points][objectives], alike in number.</param>
    public static IReadOnlyList<int> Of(IReadOnlyList<double[]> costs)
    {
        var finite = Enumerable.Range(0, costs.Count).Where(index => costs[index].All(double.IsFinite)).ToList();
        return [.. First([.. finite.Select(index => costs[index])]).Select(at => finite[at])];
    }

    /// <summary>Whether one is no worse in any and better in some objective; less is better.</summary>
    internal static bool Dominates(double[] one, double[] other)
    {
        var better = false;
        for (var index = 0; index < one.Length; index++)
        {
            if (one[index] > other[index])
            {
                return false;
            }

            better |= one[index] < other[index];
        }

        return better;
    }

    /// <summary>Indices of the points that none dominates.</summary>
    internal static List<int> First(IReadOnlyList<double[]> costs)
    {
        // In lexicographic order nothing is dominated by what follows it, so each point meets only the front so far.
        var front = new List<int>();
        foreach (var index in Enumerable.Range(0, costs.Count).OrderBy(index => costs[index], Lexicographic).ThenBy(index => index))
        {
            if (!front.Any(member => Dominates(costs[member], costs[index])))
            {
                front.Add(index);
            }
        }

        return front;
    }

    /// <summary>
    /// The best points in number: whole fronts in turn, and of the last those that add most hypervolume (as in MOTPE: Ozaki et al. 2020,
    /// where contributions are taken against the whole front at once instead of one choice after another).
    /// </summary>
    internal static List<int> Best(IReadOnlyList<double[]> costs, int count)
    {
        var best = new List<int>();
        var rest = Enumerable.Range(0, costs.Count).ToList();
        while (best.Count < count && rest.Count > 0)
        {
            var front = First([.. rest.Select(index => costs[index])]).Select(at => rest[at]).ToList();
            best.AddRange(best.Count + front.Count <= count ? front : [.. Largest(costs, front).Take(count - best.Count)]);
            var taken = front.ToHashSet();
            rest.RemoveAll(taken.Contains);
        }

        return best;
    }

    private static IEnumerable<int> Largest(IReadOnlyList<double[]> costs, List<int> front)
    {
        var contributions = Hypervolume.Contributions([.. front.Select(index => costs[index])]);
        return front.Zip(contributions).OrderByDescending(pair => pair.Second).ThenBy(pair => pair.First).Select(pair => pair.First);
    }

    private static readonly Comparer<double[]> Lexicographic = Comparer<double[]>.Create((one, other) =>
    {
        for (var index = 0; index < one.Length; index++)
        {
            var order = one[index].CompareTo(other[index]);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    });
}
