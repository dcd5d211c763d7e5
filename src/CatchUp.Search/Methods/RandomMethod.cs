using CatchUp.Search.Ledger;

namespace CatchUp.Search.Methods;

/// <summary>Configurations drawn from the space's own distributions. Draws that miss a constraint, and in a finite space those tried before, are thrown away.</summary>
public sealed class RandomMethod(int seed) : ISearchMethod
{
    /// <summary>Draws for one trial before giving up.</summary>
    public const int Tries = 10_000;

    public Suggestion Suggest(SearchHistory history, int trial)
    {
        var random = new CounterRandom(seed, trial, Purposes.Random);
        var unit = new double[history.Space.Parameters.Count];
        for (var rejected = 0; rejected < Tries; rejected++)
        {
            for (var index = 0; index < unit.Length; index++)
            {
                unit[index] = random.Next();
            }

            var configuration = history.Space.FromUnit(unit);
            if (history.Space.Satisfies(configuration) && !history.HasTried(configuration))
            {
                return new Suggestion(configuration, new ProposalReason { Kind = ReasonKind.Random, Rejected = rejected });
            }
        }

        return new Suggestion(null, new ProposalReason { Kind = ReasonKind.Exhausted, Rejected = Tries });
    }
}
