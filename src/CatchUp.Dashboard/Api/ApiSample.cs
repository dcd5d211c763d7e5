using CatchUp.Dashboard.Samples;
using CatchUp.Tracking.Samples;

namespace CatchUp.Dashboard.Api;

/// <summary>A grid of generated images; its picture is at <paramref name="Url"/>, and beside it, where they are kept, those of the nearest training images and of the ways from noise to image.</summary>
internal sealed record ApiSample(
    long Id, long RunId, int Step, string Solver, int Nfe, int Head, int NoiseBank, int Rows, int Columns, int CellWidth, int CellHeight, string Sha256, DateTimeOffset At, string Url,
    string? NeighboursUrl, string? TrajectoryUrl)
{
    public static ApiSample From(SampleGrid grid) => new(
        grid.Id, grid.RunId, grid.Step, grid.Solver, grid.Nfe, grid.Head, grid.NoiseBank, grid.Rows, grid.Columns, grid.CellWidth, grid.CellHeight, grid.Sha256, grid.At,
        SampleAddress.Of(grid),
        grid.HasNeighbours ? SampleAddress.Of(grid, SamplePictureKind.Neighbours) : null,
        grid.HasTrajectory ? SampleAddress.Of(grid, SamplePictureKind.Trajectory) : null);
}
