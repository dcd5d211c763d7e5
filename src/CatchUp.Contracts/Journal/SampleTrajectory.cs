namespace CatchUp.Contracts.Journal;

/// <summary>What the first cells of a sample grid would have become at every step on the way: x̂₀ = z_t − t·v(z_t, t).</summary>
public sealed record SampleTrajectory
{
    /// <summary>A PNG relative to the run directory: a row for each of the grid's first cells, a column for each time.</summary>
    public required string File { get; init; }

    public required string Sha256 { get; init; }

    public long Bytes { get; init; }

    /// <summary>How many of the grid's cells, from the first.</summary>
    public int Cells { get; init; }

    /// <summary>The time t of each column, falling from 1; the last is 0 and holds the grid's own images.</summary>
    public IReadOnlyList<double> Times { get; init; } = [];
}
