using CatchUp.Search;
using CatchUp.Search.Ledger;
using CatchUp.Search.Stopping;

namespace CatchUp.Tracking.Searches;

/// <summary>A trial of a search, for lists and pages.</summary>
/// <param name="Trial">From 0.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Parameters">Searched keys that exist in it, and the texts of their values.</param>
/// <param name="Reason">Why it was proposed, in words and numbers.</param>
/// <param name="Values">One for each objective, of a finished trial; else null.</param>
/// <param name="Decisions">What was decided at each rung it reached, in words.</param>
/// <param name="Failures">How often it failed.</param>
/// <param name="Failure">Why it failed last.</param>
public sealed record SearchTrial(
    int Trial, SearchTrialState State, IReadOnlyDictionary<string, string> Parameters, string Reason, IReadOnlyList<double>? Values, IReadOnlyList<string> Decisions, int Failures, string? Failure)
{
    /// <summary>Made of a trial's own entries; null when it has none.</summary>
    internal static SearchTrial? From(IReadOnlyList<LedgerEntry> entries)
    {
        if (entries is not [LedgerEntry.Proposed proposed, ..])
        {
            return null;
        }

        var parameters = proposed.Configuration.SelectMany(member => ValueText.Flatten(member.Key, member.Value)).ToDictionary();
        var trial = new SearchTrial(proposed.Trial, SearchTrialState.Pending, parameters, proposed.Reason.Text, null, [], 0, null);
        foreach (var entry in entries.Skip(1))
        {
            trial = entry switch
            {
                LedgerEntry.Decided decided => trial with
                {
                    State = decided.Decision.Outcome switch { RungOutcome.Prune => SearchTrialState.Pruned, RungOutcome.Wait => SearchTrialState.Waiting, _ => SearchTrialState.Pending },
                    Decisions = [.. trial.Decisions, decided.Decision.Text],
                },
                LedgerEntry.Finished finished => trial with { State = SearchTrialState.Finished, Values = finished.Values },
                LedgerEntry.Failed failed => trial with { State = SearchTrialState.Failed, Failures = trial.Failures + 1, Failure = failed.Reason },
                LedgerEntry.Retried => trial with { State = SearchTrialState.Pending },
                _ => trial,
            };
        }

        return trial;
    }

    internal static SearchTrialState From(TrialState state) => state switch
    {
        TrialState.Pending => SearchTrialState.Pending,
        TrialState.Waiting => SearchTrialState.Waiting,
        TrialState.Finished => SearchTrialState.Finished,
        TrialState.Pruned => SearchTrialState.Pruned,
        _ => SearchTrialState.Failed,
    };
}
