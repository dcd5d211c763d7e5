namespace CatchUp.Tracking.Reproductions;

/// <summary>The averaged weights at the steps where both runs recorded them, by the hash of their files.</summary>
public sealed record ComparedSnapshots
{
    /// <summary>Those with the same weights.</summary>
    public int Identical { get; init; }

    public int Different { get; init; }

    public IReadOnlyList<ComparedSnapshot> Differences { get; init; } = [];
}
