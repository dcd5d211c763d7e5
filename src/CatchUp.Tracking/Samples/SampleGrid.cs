namespace CatchUp.Tracking.Samples;

/// <summary>A stored grid of generated images; its PNG is an artifact.</summary>
public sealed record SampleGrid(long Id, long RunId, int Step, string Solver, int Nfe, int Head, int NoiseBank, int Rows, int Columns, int CellWidth, int CellHeight, string Sha256, DateTimeOffset At);
