using CatchUp.Dashboard.Charts;

namespace CatchUp.Dashboard.FidNfe;

/// <summary>A line at an NFE, with what its run cost.</summary>
/// <param name="Hours">Of one run: the mean over the runs of a group.</param>
/// <param name="DominatedBy">A point that is no worse in quality, NFE and hours and better in one of them; null for a point of the front.</param>
public sealed record FrontPoint(FidLine Line, FidPoint Point, double Hours, FrontPoint? DominatedBy)
{
    public bool OnFront => DominatedBy is null;
}
