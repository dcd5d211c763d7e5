namespace CatchUp.Tracking.Samples;

internal sealed class SampleEntity
{
    public long Id { get; set; }

    public long RunId { get; set; }

    public int Step { get; set; }

    public required string Solver { get; set; }

    public int Nfe { get; set; }

    public int Head { get; set; }

    public int NoiseBank { get; set; }

    public int Rows { get; set; }

    public int Columns { get; set; }

    public int CellWidth { get; set; }

    public int CellHeight { get; set; }

    public required string Sha256 { get; set; }

    public long Bytes { get; set; }

    public long At { get; set; }
}
