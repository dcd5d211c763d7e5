using CatchUp.Dashboard.Charts;

namespace CatchUp.Dashboard.FidNfe;

/// <summary>A line's place at one NFE.</summary>
/// <param name="Place">By value, from 1; null when the value is not finite.</param>
/// <param name="Standing">In a few words: "best", "tied with the best", "worse".</param>
/// <param name="Words">How that is known.</param>
/// <param name="IsTied">It cannot be told from the best.</param>
public sealed record FidRank(int? Place, FidLine Line, FidPoint Point, string Standing, string Words, bool IsTied)
{
    /// <summary>"1", "= 1" for what is tied with it, "–".</summary>
    public string PlaceText => Place is not { } place ? "–" : IsTied ? "= 1" : Shell.Figures.Count(place);
}
