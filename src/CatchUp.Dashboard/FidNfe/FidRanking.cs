using CatchUp.Dashboard.Charts;
using CatchUp.Statistics.Comparisons;

namespace CatchUp.Dashboard.FidNfe;

/// <summary>
/// Ranks lines at one NFE and says which cannot be told from the best: over their seeds where there are replicates, else by whether the
/// intervals of single runs overlap, which is a weaker thing and is said so.
/// </summary>
public static class FidRanking
{
    public static IReadOnlyList<FidRank> Of(IReadOnlyList<FidLine> lines, int nfe, Better better)
    {
        var at = lines.Select(line => (Line: line, Point: line.At(nfe)!)).Where(entry => entry.Point is not null).ToList();
        var ordered = at.Where(entry => double.IsFinite(entry.Point.Value)).OrderBy(entry => better == Better.Higher ? -entry.Point.Value : entry.Point.Value).ToList();
        var replicates = ordered.ConvertAll(entry => new Replicates(entry.Line.Label, entry.Point.Values));
        var ranking = Ranking.Of(replicates, better);
        return
        [
            .. ordered.Select((entry, index) =>
            {
                var (standing, words, tied) = Stand(index, ranking.Groups.First(group => ReferenceEquals(group.Group, replicates[index])));
                return new FidRank(index + 1, entry.Line, entry.Point, standing, words, tied);
            }),
            .. at.Where(entry => !double.IsFinite(entry.Point.Value)).Select(entry => new FidRank(null, entry.Line, entry.Point, "not finite", "No run has a finite number here.", IsTied: false)),
        ];

        (string Standing, string Words, bool Tied) Stand(int index, RankedGroup group)
        {
            var name = group.Group.Name;
            switch (group.Standing)
            {
                case Standing.Best when ordered.Count == 1:
                    return ("alone", "There is nothing to compare it with.", false);
                case Standing.Best:
                    return index == 0 ? ("best", "The best mean.", false) : ("best of several runs", "The best mean of those with several runs. What stands before it is one run each.", false);
                case Standing.TiedWithBest:
                    return ("tied with the best", Verdict.Of(group.AgainstBest!, ranking.Best!.Group.Name, name, better, group.AdjustedPValue), true);
                case Standing.Worse:
                    return ("worse", Verdict.Of(group.AgainstBest!, ranking.Best!.Group.Name, name, better, group.AdjustedPValue), false);
                case Standing.Undecided when ordered.Count == 1:
                    return ("alone", "There is nothing to compare it with.", false);
                case Standing.Undecided when index == 0:
                    return (better == Better.Higher ? "highest" : "lowest", "One run: how another seed would do is not known.", false);
            }

            var (first, own) = (ordered[0].Point, ordered[index].Point);
            if (own is not { Low: { } low, High: { } high } || first is not { Low: { } firstLow, High: { } firstHigh })
            {
                return ("cannot be told", $"Without an interval it cannot be told from {ordered[0].Line.Label}.", false);
            }

            return low <= firstHigh && firstLow <= high
                ? ("tied: intervals overlap", $"Its interval and that of {ordered[0].Line.Label} overlap, so they cannot be told apart. Intervals of one run are over its images only: seeds may differ by more.", true)
                : ("worse in this run", $"Its interval and that of {ordered[0].Line.Label} are apart. Intervals of one run are over its images only: what another seed would give is not known.", false);
        }
    }
}
