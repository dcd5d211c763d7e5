using CatchUp.Tracking.Sweeps;

namespace CatchUp.Dashboard.Api;

/// <summary>A sweep with the file it was submitted as.</summary>
internal sealed record ApiSweepDetails : ApiSweep
{
    public required string Document { get; init; }

    /// <summary>Dotted paths of the space.</summary>
    public required IReadOnlyList<string> SweptKeys { get; init; }

    public static ApiSweepDetails From(SweepDetails sweep) => Fill(sweep.Summary, new ApiSweepDetails
    {
        Name = "",
        Project = "",
        States = sweep.Summary.States,
        Document = sweep.Document,
        SweptKeys = sweep.SweptKeys,
    });
}
