using CatchUp.Search.Ledger;

namespace CatchUp.Search.Methods;

/// <summary>Says what to try next.</summary>
public interface ISearchMethod
{
    /// <summary>The configuration of a trial: a function of the history, the seed and the trial's number, and of nothing else.</summary>
    /// <param name="history">All trials so far, with what is known of them.</param>
    /// <param name="trial">The new trial's number.</param>
    Suggestion Suggest(SearchHistory history, int trial);
}
