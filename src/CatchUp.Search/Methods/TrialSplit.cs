using CatchUp.Search.Ledger;
using CatchUp.Search.Objectives;

namespace CatchUp.Search.Methods;

/// <summary>Splits the trials in which a parameter exists into the good and the others.</summary>
internal static class TrialSplit
{
    private const int MostPending = 200, MostCompared = 2000;

    /// <returns>The good, the others with those still running at their end, and how many of these there are.</returns>
    public static (IReadOnlyList<TrialRecord> Good, IReadOnlyList<TrialRecord> Others, int Pending) Make(SearchHistory history, int parameter, TpeOptions options)
    {
        var known = new List<TrialRecord>();
        var pending = new List<TrialRecord>();
        foreach (var trial in history.Trials)
        {
            if (trial.Current is { } current && !double.IsNaN(current.Values[parameter]))
            {
                (SearchHistory.IsKnown(trial.State) ? known : pending).Add(trial);
            }
        }

        var count = known.Count == 0 ? 0 : Math.Clamp((int)Math.Ceiling(options.GoodShare * known.Count), 1, options.MostGood);
        var good = history.Goals.Count == 1 ? Best(history, known, count) : BestFronts(history, known, count);
        var chosen = good.Select(trial => trial.Index).ToHashSet();
        var rest = known.Where(trial => !chosen.Contains(trial.Index)).ToList();
        var recent = pending.Skip(Math.Max(0, pending.Count - MostPending)).ToList();
        return (good, [.. Spread(rest, Math.Max(0, options.MostOthers - recent.Count)), .. recent], recent.Count);
    }

    /// <summary>Evenly picked, the first and the last among them.</summary>
    private static IEnumerable<TrialRecord> Spread(List<TrialRecord> trials, int most) => trials.Count <= most
        ? trials
        : Enumerable.Range(0, most).Select(index => trials[(int)((long)index * (trials.Count - 1) / Math.Max(1, most - 1))]);

    private static List<TrialRecord> Best(SearchHistory history, List<TrialRecord> known, int count)
    {
        // The last of the queue is the worst of the best so far.
        var best = new PriorityQueue<TrialRecord, Rank>(Rank.WorstFirst);
        foreach (var trial in known)
        {
            var rank = RankOf(history, trial);
            if (best.Count < count)
            {
                best.Enqueue(trial, rank);
            }
            else if (count > 0)
            {
                best.EnqueueDequeue(trial, rank);
            }
        }

        return [.. best.UnorderedItems.OrderBy(item => item.Priority, Rank.BestFirst).Select(item => item.Element)];
    }

    private static List<TrialRecord> BestFronts(SearchHistory history, List<TrialRecord> known, int count)
    {
        var finished = known.Where(trial => trial.State == TrialState.Finished).ToList();
        var costs = finished.Select(trial => history.Goals.Costs(trial.Values!)).ToList();
        if (finished.Count > MostCompared)
        {
            // Sorting into fronts takes quadratic time: compared are the first front, the newest and some of the rest.
            var keep = ParetoFront.First(costs).Take(MostCompared / 4).Concat(Enumerable.Range(finished.Count - (MostCompared / 2), MostCompared / 2)).ToHashSet();
            keep.UnionWith(Enumerable.Range(0, MostCompared / 4).Select(index => (int)((long)index * finished.Count / (MostCompared / 4))));
            var kept = keep.Order().ToList();
            (finished, costs) = ([.. kept.Select(index => finished[index])], [.. kept.Select(index => costs[index])]);
        }

        var best = ParetoFront.Best(costs, count).Select(index => finished[index]).ToList();
        return best.Count > 0 ? best : [.. known.Take(count)];
    }

    private static Rank RankOf(SearchHistory history, TrialRecord trial) => trial.State switch
    {
        TrialState.Finished => new(0, history.Goals[0].Cost(trial.Values![0]), trial.Index),
        // Further along is better, then the value there.
        TrialState.Pruned => new(1 + (1.0 / (1 + trial.Decisions.Count)), trial.Decisions.Count == 0 ? 0 : history.Goals[0].Cost(trial.Decisions[^1].Value), trial.Index),
        _ => new(3, 0, trial.Index),
    };

    /// <summary>Less is better: class, cost in it, and for equal ones the earlier.</summary>
    private readonly record struct Rank(double Class, double Cost, int Index)
    {
        public static readonly Comparer<Rank> BestFirst = Comparer<Rank>.Create((one, other) => (one.Class, one.Cost, one.Index).CompareTo((other.Class, other.Cost, other.Index)));

        public static readonly Comparer<Rank> WorstFirst = Comparer<Rank>.Create((one, other) => BestFirst.Compare(other, one));
    }
}
