using CatchUp.Search.Ledger;

namespace CatchUp.Search.Methods;

/// <summary>The points of a scrambled Sobol sequence in turn; those that miss a constraint, and in a finite space those tried before, are passed over.</summary>
public sealed class SobolMethod(int seed) : ISearchMethod
{
    private SobolSequence? _sequence;

    private int _dimensions;

    public Suggestion Suggest(SearchHistory history, int trial)
    {
        var unit = new double[history.Space.Parameters.Count];
        if (_sequence is null || _dimensions != unit.Length)
        {
            (_sequence, _dimensions) = (new SobolSequence(unit.Length, seed), unit.Length);
        }

        for (var rejected = 0; rejected < RandomMethod.Tries; rejected++)
        {
            var point = history.NextPoint + rejected;
            _sequence.Point(point, unit);
            var configuration = history.Space.FromUnit(unit);
            if (history.Space.Satisfies(configuration) && !history.HasTried(configuration))
            {
                return new Suggestion(configuration, new ProposalReason { Kind = ReasonKind.QuasiRandom, Point = point, Rejected = rejected });
            }
        }

        return new Suggestion(null, new ProposalReason { Kind = ReasonKind.Exhausted, Rejected = RandomMethod.Tries });
    }
}
