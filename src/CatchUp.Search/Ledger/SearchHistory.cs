using CatchUp.Search.Methods;
using CatchUp.Search.Objectives;
using CatchUp.Search.Spaces;

namespace CatchUp.Search.Ledger;

/// <summary>All trials of a search and what is known of them: the state that replaying a ledger gives.</summary>
public sealed class SearchHistory
{
    private readonly List<TrialRecord> _trials = [];

    private readonly HashSet<ulong> _tried = [];

    private readonly List<TrialRecord> _settled = [];

    private readonly SortedSet<int> _unsettled = [];

    internal SearchHistory(SearchSpace space, IReadOnlyList<Goal> goals)
    {
        (Space, Goals) = (space, goals);
    }

    /// <summary>The space as it is now: a narrowing replaces it.</summary>
    public SearchSpace Space { get; private set; }

    /// <summary>One for each objective.</summary>
    public IReadOnlyList<Goal> Goals { get; }

    /// <summary>By their numbers.</summary>
    public IReadOnlyList<TrialRecord> Trials => _trials;

    /// <summary>Trials whose fate is known and whose configuration lies in the space.</summary>
    internal int Known { get; private set; }

    /// <summary>The trials whose fate is known, in the order in which it came to be; those outside the space among them.</summary>
    internal IReadOnlyList<TrialRecord> Settled => _settled;

    /// <summary>Numbers of the trials whose fate is not known: they run or wait. Rising.</summary>
    public IReadOnlyCollection<int> Open => _unsettled;

    /// <summary>Numbers of the others, rising.</summary>
    internal SortedSet<int> Unsettled => _unsettled;

    /// <summary>Rises when <see cref="Settled"/> changes otherwise than at its end.</summary>
    internal int Epoch { get; private set; }

    /// <summary>The first point of Sobol's sequence that has not been looked at.</summary>
    internal long NextPoint { get; private set; }

    /// <summary>Where the walk through the grid stands; null at its beginning.</summary>
    internal Configuration? LastOfGrid { get; private set; }

    /// <summary>Whether a finite space's configuration has been proposed before; in a continuum nothing is worth asking.</summary>
    internal bool HasTried(Configuration configuration) => Space.IsFinite && _tried.Contains(configuration.Fingerprint());

    internal TrialRecord Add(Configuration configuration, ProposalReason reason)
    {
        var trial = new TrialRecord(_trials.Count, configuration);
        _trials.Add(trial);
        _unsettled.Add(trial.Index);
        Remember(configuration);
        NextPoint = reason.Point is { } point ? point + 1 : NextPoint;
        LastOfGrid = reason.Kind == ReasonKind.Grid ? configuration : LastOfGrid;
        return trial;
    }

    internal void Settle(TrialRecord trial, TrialState state)
    {
        var (before, now) = (IsKnown(trial.State), IsKnown(state));
        trial.State = state;
        if (before == now)
        {
            return;
        }

        Known += trial.Current is null ? 0 : now ? 1 : -1;
        if (now)
        {
            _unsettled.Remove(trial.Index);
            _settled.Add(trial);
        }
        else
        {
            _unsettled.Add(trial.Index);
            _settled.Remove(trial);
            Epoch++;
        }
    }

    internal void Narrow(SearchSpace space)
    {
        Space = space;
        LastOfGrid = null;
        Epoch++;
        Known = 0;
        _tried.Clear();
        foreach (var trial in _trials)
        {
            trial.Current = space.Decode(trial.Configuration.ToJson());
            if (trial.Current is not null)
            {
                Remember(trial.Current);
                Known += IsKnown(trial.State) ? 1 : 0;
            }
        }
    }

    internal static bool IsKnown(TrialState state) => state is TrialState.Finished or TrialState.Pruned or TrialState.Failed;

    /// <summary>In a continuum nothing is worth remembering: see <see cref="HasTried"/>.</summary>
    private void Remember(Configuration configuration)
    {
        if (Space.IsFinite)
        {
            _tried.Add(configuration.Fingerprint());
        }
    }
}
