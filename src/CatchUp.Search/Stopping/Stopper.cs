using CatchUp.Search.Objectives;

namespace CatchUp.Search.Stopping;

/// <summary>Decides at rungs. A function of the values that came before, in their order.</summary>
internal sealed class Stopper(StoppingRules rules, int seed, Goal goal)
{
    private readonly Dictionary<(int Ladder, int Bracket, int Rung), Rung> _rungs = [];

    /// <summary>Whether a value has come since nothing was found to promote: without one nothing will be found.</summary>
    private bool _changed;

    public StoppingRules Rules { get; } = rules;

    /// <summary>What is decided about a trial that has come to a rung with a value; nothing is remembered yet.</summary>
    public RungDecision Decide(int trial, int ladder, int rung, double value)
    {
        var values = At(trial, ladder, rung);
        var cost = goal.Cost(value);
        var decision = Judge(values, trial, ladder, rung, value, values.Add(cost, trial));
        values.Remove(cost, trial);
        return decision;
    }

    /// <summary>Remembers a value at a rung.</summary>
    public void Record(int trial, int ladder, int rung, double value)
    {
        At(trial, ladder, rung).Add(goal.Cost(value), trial);
        _changed = true;
    }

    /// <summary>The decision about a waiting trial that has come to be among the best of its rung, the highest rung first; null when there is none.</summary>
    /// <param name="waiting">The decision a trial waits by; null when it does not wait.</param>
    public (int Trial, RungDecision Decision)? Promotion(Func<int, RungDecision?> waiting)
    {
        if (!_changed)
        {
            return null;
        }

        foreach (var (key, rung) in _rungs.OrderByDescending(pair => pair.Key.Ladder).ThenByDescending(pair => pair.Key.Rung).ThenBy(pair => pair.Key.Bracket))
        {
            var goOn = rung.GoOn(Rules.Ladders[key.Ladder].Reduction);
            foreach (var (_, trial) in rung.Best(goOn))
            {
                if (waiting(trial) is { } decision && decision.Rung == key.Rung && decision.Ladder == Rules.Ladders[key.Ladder].Resource)
                {
                    return (trial, Again(rung, trial, decision, goOn) with { Outcome = RungOutcome.Promote });
                }
            }
        }

        _changed = false;
        return null;
    }

    /// <summary>The last word about a waiting trial when no others will come.</summary>
    public RungDecision Close(int trial, RungDecision waiting)
    {
        var ladder = Rules.Ladders.Select((each, index) => (each, index)).First(pair => pair.each.Resource == waiting.Ladder).index;
        var rung = At(trial, ladder, waiting.Rung);
        var spared = Rules.Spares(seed, trial);
        return Again(rung, trial, waiting, rung.GoOn(Rules.Ladders[ladder].Reduction)) with { Outcome = spared ? RungOutcome.Promote : RungOutcome.Prune, Spared = spared };
    }

    private RungDecision Again(Rung rung, int trial, RungDecision waiting, int goOn) => waiting with
    {
        Place = rung.PlaceOf(goal.Cost(waiting.Value), trial),
        Known = rung.Count,
        Threshold = goOn == 0 ? null : Value(rung.CostAt(goOn)),
    };

    private RungDecision Judge(Rung rung, int trial, int ladder, int number, double value, int place)
    {
        var rules = Rules.Ladders[ladder];
        var decision = new RungDecision
        {
            Ladder = rules.Resource,
            Rung = number,
            Level = rules.Levels[number],
            Value = value,
            Outcome = RungOutcome.Promote,
            Place = place,
            Known = rung.Count,
        };
        if (!double.IsFinite(value))
        {
            // It has diverged: no comparison is needed, and finishing it would show nothing.
            return decision with { Outcome = RungOutcome.Prune };
        }

        if (Rules.Waits)
        {
            var goOn = rung.GoOn(rules.Reduction);
            return decision with { Threshold = goOn == 0 ? null : Value(rung.CostAt(goOn)), Outcome = place <= goOn ? RungOutcome.Promote : RungOutcome.Wait };
        }

        if (rung.Count < Rules.LeastAt(ladder))
        {
            return decision;
        }

        var best = Math.Max(1, rung.GoOn(rules.Reduction));
        var spared = place > best && Rules.Spares(seed, trial);
        return decision with { Threshold = Value(rung.CostAt(best)), Outcome = place <= best || spared ? RungOutcome.Promote : RungOutcome.Prune, Spared = spared };
    }

    private double Value(double cost) => goal == Goal.Minimize ? cost : -cost;

    private Rung At(int trial, int ladder, int rung)
    {
        var key = (ladder, ladder == 0 ? Rules.BracketOf(trial) : 0, rung);
        return _rungs.TryGetValue(key, out var values) ? values : _rungs[key] = new Rung();
    }
}
