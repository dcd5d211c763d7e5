namespace CatchUp.Tracking.Samples;

/// <summary>A stored grid of generated images; its PNG is an artifact.</summary>
public sealed record SampleGrid(long Id, long RunId, int Step, string Solver, int Nfe, int Head, int NoiseBank, int Rows, int Columns, int CellWidth, int CellHeight, string Sha256, DateTimeOffset At)
{
    /// <summary>Whether the nearest training images of its cells are stored.</summary>
    public bool HasNeighbours { get; init; }

    /// <summary>Whether the ways of its first cells are stored.</summary>
    public bool HasTrajectory { get; init; }

    /// <summary>Whether a cell of one started from the same noise as that cell of the other, and is as large.</summary>
    public bool CorrespondsTo(SampleGrid other) =>
        (NoiseBank, Rows, Columns, CellWidth, CellHeight) == (other.NoiseBank, other.Rows, other.Columns, other.CellWidth, other.CellHeight);
}
