namespace CatchUp.Contracts.Journal;

/// <summary>A grid of generated images. Its identity is (run, step, solver, NFE, head, noise bank); cell i started from noise i of the bank.</summary>
public sealed record SamplesSaved : JournalEntry
{
    public int Step { get; init; }

    public required string Solver { get; init; }

    public int Nfe { get; init; }

    public int Head { get; init; } = 1;

    public int NoiseBank { get; init; }

    public int Rows { get; init; }

    public int Columns { get; init; }

    /// <summary>Side lengths of one cell in pixels.</summary>
    public int CellWidth { get; init; }

    public int CellHeight { get; init; }

    /// <summary>The PNG, relative to the run directory.</summary>
    public required string File { get; init; }

    public required string Sha256 { get; init; }

    public long Bytes { get; init; }

    /// <summary>Null where they were not asked for, or there was no extractor to tell them by.</summary>
    public SampleNeighbours? Neighbours { get; init; }

    /// <summary>Null where none was asked for, and for all but the largest NFE of a solver and head.</summary>
    public SampleTrajectory? Trajectory { get; init; }
}
