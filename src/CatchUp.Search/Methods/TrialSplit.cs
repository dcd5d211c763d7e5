using CatchUp.Search.Ledger;
using CatchUp.Search.Objectives;

namespace CatchUp.Search.Methods;

/// <summary>
/// The trials in which a parameter exists, split into the good and the others. Kept up with the history as results come, so that
/// a proposal late in a long sweep costs no more than an early one.
/// </summary>
internal sealed class TrialSplit(SearchHistory history, int parameter, TpeOptions options)
{
    private const int MostPending = 200, MostCompared = 1000;

    private readonly List<TrialRecord> _known = [];

    /// <summary>With one objective the best so far, best first; with several the trials that none dominates.</summary>
    private readonly List<TrialRecord> _best = [];

    private readonly List<Rank> _ranks = [];

    private int _seen;

    /// <returns>The good, the others with those still running at their end, and how many of these there are.</returns>
    public (IReadOnlyList<TrialRecord> Good, IReadOnlyList<TrialRecord> Others, int Pending) Now()
    {
        for (; _seen < history.Settled.Count; _seen++)
        {
            if (Concerns(history.Settled[_seen]))
            {
                Add(history.Settled[_seen]);
            }
        }

        var count = _known.Count == 0 ? 0 : Math.Clamp((int)Math.Ceiling(options.GoodShare * _known.Count), 1, options.MostGood);
        var good = history.Goals.Count == 1 ? _best.Take(count).ToList() : BestFronts(count);
        var chosen = good.Select(trial => trial.Index).ToHashSet();
        var pending = history.Unsettled.Reverse().Select(index => history.Trials[index]).Where(Concerns).Take(MostPending).Reverse().ToList();
        return (good, [.. Spread(Math.Max(0, options.MostOthers - pending.Count) + good.Count).Where(trial => !chosen.Contains(trial.Index)), .. pending], pending.Count);
    }

    private bool Concerns(TrialRecord trial) => trial.Current is { } current && !double.IsNaN(current.Values[parameter]);

    private void Add(TrialRecord trial)
    {
        _known.Add(trial);
        if (history.Goals.Count == 1)
        {
            var rank = RankOf(trial);
            var at = ~_ranks.BinarySearch(rank);
            if (at < options.MostGood)
            {
                _ranks.Insert(at, rank);
                _best.Insert(at, trial);
                if (_best.Count > options.MostGood)
                {
                    _ranks.RemoveAt(options.MostGood);
                    _best.RemoveAt(options.MostGood);
                }
            }
        }
        else if (trial.State == TrialState.Finished)
        {
            var costs = Costs(trial);
            if (!_best.Any(other => ParetoFront.Dominates(Costs(other), costs)))
            {
                _best.RemoveAll(other => ParetoFront.Dominates(costs, Costs(other)));
                _best.Add(trial);
            }
        }
    }

    /// <summary>Of the known trials, evenly picked.</summary>
    private IEnumerable<TrialRecord> Spread(int most) => _known.Count <= most
        ? _known
        : Enumerable.Range(0, most).Select(index => _known[(int)((long)index * (_known.Count - 1) / Math.Max(1, most - 1))]);

    private List<TrialRecord> BestFronts(int count)
    {
        // Sorting into fronts takes quadratic time: of very many, compared are the first front, the newest and some of the rest.
        var compared = _known.Count <= MostCompared
            ? _known
            : [.. _best.TakeLast(MostCompared / 4).Concat(_known.TakeLast(MostCompared / 4)).Concat(Spread(MostCompared / 2)).DistinctBy(trial => trial.Index)];
        var finished = compared.Where(trial => trial.State == TrialState.Finished).OrderBy(trial => trial.Index).ToList();
        var best = ParetoFront.Best([.. finished.Select(Costs)], count).Select(index => finished[index]).ToList();
        return best.Count > 0 ? best : [.. _known.Take(count)];
    }

    private double[] Costs(TrialRecord trial) => history.Goals.Costs(trial.Values!);

    private Rank RankOf(TrialRecord trial) => trial.State switch
    {
        TrialState.Finished => new(0, history.Goals[0].Cost(trial.Values![0]), trial.Index),
        // Further along is better, then the value there.
        TrialState.Pruned => new(1 + (1.0 / (1 + trial.Decisions.Count)), trial.Decisions.Count == 0 ? 0 : history.Goals[0].Cost(trial.Decisions[^1].Value), trial.Index),
        _ => new(3, 0, trial.Index),
    };

    /// <summary>Less is better: class, cost in it, and for equal ones the earlier.</summary>
    private readonly record struct Rank(double Class, double Cost, int Index) : IComparable<Rank>
    {
        public int CompareTo(Rank other) => (Class, Cost, Index).CompareTo((other.Class, other.Cost, other.Index));
    }
}
