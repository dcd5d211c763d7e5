using CatchUp.Search.Ledger;

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
    internal static SearchTrial From(TrialRecord record) => new(
        record.Index, From(record.State), record.Configuration.ToTrial(record.Index).Parameters, record.Reason.Text, record.Values, [.. record.Decisions.Select(decision => decision.Text)], record.Failures, record.Failure);

    internal static SearchTrialState From(TrialState state) => state switch
    {
        TrialState.Pending => SearchTrialState.Pending,
        TrialState.Waiting => SearchTrialState.Waiting,
        TrialState.Finished => SearchTrialState.Finished,
        TrialState.Pruned => SearchTrialState.Pruned,
        _ => SearchTrialState.Failed,
    };
}
