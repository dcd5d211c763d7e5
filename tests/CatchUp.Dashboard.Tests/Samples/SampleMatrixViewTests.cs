using CatchUp.Dashboard.Samples;
using CatchUp.Tracking.Samples;

namespace CatchUp.Dashboard.Tests.Samples;

public sealed class SampleMatrixViewTests
{
    private static readonly IReadOnlyList<MatrixRun> Two = [new(1, "one"), new(2, "two")];

    private static readonly IReadOnlyList<SampleGrid> Grids =
    [
        Grid(11, 1, 50, 4), Grid(12, 1, 50, 8), Grid(13, 1, 100, 4), Grid(14, 1, 100, 8), Grid(21, 2, 50, 4), Grid(22, 2, 50, 8), Grid(23, 2, 75, 8),
    ];

    [Fact]
    public void Runs_by_nfe_at_the_last_step_come_first()
    {
        var view = new SampleMatrixView(Two, Grids, new MatrixChoice());

        Assert.Equal((MatrixAxis.Run, MatrixAxis.Nfe), (view.RowAxis, view.ColumnAxis));
        Assert.Equal([MatrixAxis.Step], view.Held());
        Assert.Equal(100, view.HeldOf(MatrixAxis.Step).Number);
        // Run 2 is behind: its last grid up to the step stands there.
        Assert.Equal([[13, 14], [21, 23]], Ids(view));
    }

    [Fact]
    public void One_runs_nfe_by_its_steps_come_first()
    {
        var view = new SampleMatrixView([new(1, "one")], Grids, new MatrixChoice());

        Assert.Equal((MatrixAxis.Nfe, MatrixAxis.Step), (view.RowAxis, view.ColumnAxis));
        Assert.Equal([[11, 13], [12, 14]], Ids(view));
    }

    [Fact]
    public void Any_two_axes_are_laid_out_and_a_step_on_an_axis_is_that_step_only()
    {
        var view = new SampleMatrixView(Two, Grids, new MatrixChoice { Rows = MatrixAxis.Step, Columns = MatrixAxis.Run, Nfe = 8 });

        Assert.Equal(["50", "75", "100"], view.Rows.Select(place => place.Text));
        Assert.Equal([[12, 22], [null, 23], [14, null]], Ids(view));
        Assert.Equal([MatrixAxis.Nfe], view.Held());
    }

    [Fact]
    public void What_does_not_exist_falls_back()
    {
        var view = new SampleMatrixView(Two, Grids, new MatrixChoice { Rows = MatrixAxis.Nfe, Columns = MatrixAxis.Nfe, Step = 60, Nfe = 7, Head = 3, Solver = "heun", Run = 9, Cell = 999, Against = 998 });

        Assert.NotEqual(view.RowAxis, view.ColumnAxis);
        Assert.Equal(1, view.HeldOf(MatrixAxis.Run).Number);
        Assert.Null(view.Marked);
        Assert.Null(view.Pinned);
    }

    [Fact]
    public void Cell_is_compared_with_the_pinned_one_else_with_the_one_beside_it()
    {
        var view = new SampleMatrixView(Two, Grids, new MatrixChoice { Cell = 14 });
        var pinned = new SampleMatrixView(Two, Grids, new MatrixChoice { Cell = 14, Against = 12 });

        Assert.Equal(13, view.AgainstOf(view.Marked!)!.Id);
        Assert.Equal(14, view.AgainstOf(Grids[0] with { Id = 13 })!.Id); // the first has nothing to its left or above
        Assert.Equal(13, view.AgainstOf(Grids.Single(grid => grid.Id == 21))!.Id); // nothing to its left, but one above
        Assert.Equal(12, pinned.AgainstOf(pinned.Marked!)!.Id);
    }

    [Fact]
    public void Grids_of_another_bank_or_shape_do_not_correspond()
    {
        var grid = Grids[0];

        Assert.True(grid.CorrespondsTo(Grids[5]));
        Assert.False(grid.CorrespondsTo(grid with { NoiseBank = 2 }));
        Assert.False(grid.CorrespondsTo(grid with { CellWidth = 32 }));
        Assert.False(grid.CorrespondsTo(grid with { Columns = 9, Rows = 4 }));
    }

    [Fact]
    public void Many_steps_on_an_axis_are_evenly_spread_with_the_first_and_the_last()
    {
        List<SampleGrid> many = [.. Enumerable.Range(1, 500).Select(step => Grid(step, 1, step * 10, 4))];

        var view = new SampleMatrixView([new(1, "one")], many, new MatrixChoice());

        Assert.Equal(SampleMatrixView.MaximumSteps, view.Columns.Count);
        Assert.Equal((10, 5000), (view.Columns[0].Number, view.Columns[^1].Number));
        Assert.True(view.IsThinned(MatrixAxis.Step));
    }

    [Fact]
    public void Ways_are_those_of_the_largest_nfe_that_keeps_them()
    {
        List<SampleGrid> grids = [Grid(1, 1, 50, 4), Grid(2, 1, 50, 8) with { HasTrajectory = true }, Grid(3, 1, 100, 8) with { HasTrajectory = true }];
        var view = new SampleMatrixView([new(1, "one")], grids, new MatrixChoice());

        Assert.Equal(2, view.WithTrajectory(grids[0])!.Id);
        Assert.Null(view.WithTrajectory(Grid(9, 1, 75, 4)));
    }

    [Fact]
    public void Nothing_is_laid_out_without_grids()
    {
        var view = new SampleMatrixView(Two, [], new MatrixChoice { Cell = 3, Step = 5, Nfe = 2 });

        Assert.Empty(view.All);
        Assert.Null(view.Reference);
        Assert.Null(view.Marked);
    }

    private static SampleGrid Grid(long id, long run, int step, int nfe) => new(id, run, step, "euler", nfe, 1, 1, 6, 6, 28, 28, new string('a', 64), DateTimeOffset.UnixEpoch);

    private static long?[][] Ids(SampleMatrixView view) => [.. view.Rows.Select(row => view.Columns.Select(column => view.At(row, column)?.Id).ToArray())];
}
