using System.Globalization;
using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Samples;

namespace CatchUp.Dashboard.Samples;

/// <summary>
/// Sample grids laid out by two of run, step, NFE, head and solver, the others held. Pure: what a choice means for the grids there
/// are; what does not exist falls back to what does.
/// </summary>
public sealed class SampleMatrixView
{
    /// <summary>Steps on an axis at most; of more, these are evenly spread ones, the first and the last among them.</summary>
    public const int MaximumSteps = 24;

    private readonly Dictionary<(long Run, long Step, long Nfe, long Head, long Solver), SampleGrid> _grids = [];
    private readonly Dictionary<MatrixAxis, IReadOnlyList<MatrixPlace>> _places = [];
    private readonly Dictionary<MatrixAxis, MatrixPlace> _held = [];

    /// <param name="runs">In the order in which they are shown.</param>
    /// <param name="grids">Of any runs.</param>
    public SampleMatrixView(IReadOnlyList<MatrixRun> runs, IReadOnlyList<SampleGrid> grids, MatrixChoice choice)
    {
        var known = runs.Select(run => run.Id).ToHashSet();
        All = [.. grids.Where(grid => known.Contains(grid.RunId))];
        var solvers = All.Select(grid => grid.Solver).Distinct().Order(StringComparer.Ordinal).ToList();
        var withGrids = All.Select(grid => grid.RunId).ToHashSet();
        foreach (var grid in All)
        {
            // One run may have grids of several noise banks, if its configuration was changed by hand: the first stands for all.
            _grids.TryAdd((grid.RunId, grid.Step, grid.Nfe, grid.Head, solvers.IndexOf(grid.Solver)), grid);
        }

        _places[MatrixAxis.Run] = [.. runs.Where(run => withGrids.Contains(run.Id)).Select(run => new MatrixPlace(MatrixAxis.Run, run.Id, run.Label))];
        _places[MatrixAxis.Solver] = [.. solvers.Select((solver, index) => new MatrixPlace(MatrixAxis.Solver, index, solver))];
        (RowAxis, ColumnAxis) = Axes(choice);
        Hold(MatrixAxis.Solver, choice.Solver is { } solver ? solvers.IndexOf(solver) : null, last: false);
        _places[MatrixAxis.Head] = Numbers(MatrixAxis.Head, grid => grid.Head);
        Hold(MatrixAxis.Head, choice.Head, last: false);
        _places[MatrixAxis.Nfe] = Numbers(MatrixAxis.Nfe, grid => grid.Nfe);
        Hold(MatrixAxis.Nfe, choice.Nfe, last: true);
        Hold(MatrixAxis.Run, choice.Run, last: false);
        _places[MatrixAxis.Step] = Numbers(MatrixAxis.Step, grid => grid.Step);
        HoldStep(choice.Step);
        Rows = OnAxis(RowAxis);
        Columns = OnAxis(ColumnAxis);
        var (marked, pinned) = (All.FirstOrDefault(grid => grid.Id == choice.Cell), All.FirstOrDefault(grid => grid.Id == choice.Against));
        Marked = marked ?? Named(choice);
        Pinned = pinned?.Id == Marked?.Id ? null : pinned;
        Reference = Rows.SelectMany(row => Columns.Select(column => At(row, column))).FirstOrDefault(grid => grid is not null);
    }

    /// <summary>The grids of the runs.</summary>
    public IReadOnlyList<SampleGrid> All { get; }

    public MatrixAxis RowAxis { get; }

    public MatrixAxis ColumnAxis { get; }

    public IReadOnlyList<MatrixPlace> Rows { get; }

    public IReadOnlyList<MatrixPlace> Columns { get; }

    /// <summary>The grid that is looked at more closely; null when none is.</summary>
    public SampleGrid? Marked { get; }

    /// <summary>The grid that others are compared with, where one was chosen.</summary>
    public SampleGrid? Pinned { get; }

    /// <summary>The first grid shown: the others are told when their cells do not correspond to its.</summary>
    public SampleGrid? Reference { get; }

    /// <summary>What the grids differ in: an axis that has more than one place.</summary>
    public IReadOnlyList<MatrixAxis> Axes() => [.. Enum.GetValues<MatrixAxis>().Where(axis => _places[axis].Count > 1)];

    /// <summary>The places of an axis, all of them.</summary>
    public IReadOnlyList<MatrixPlace> PlacesOf(MatrixAxis axis) => _places[axis];

    /// <summary>The place that is held of an axis which is neither rows nor columns.</summary>
    public MatrixPlace HeldOf(MatrixAxis axis) => _held.GetValueOrDefault(axis, new MatrixPlace(axis, 0, ""));

    /// <summary>The axes that are held and have something to choose.</summary>
    public IReadOnlyList<MatrixAxis> Held() => [.. Axes().Where(axis => axis != RowAxis && axis != ColumnAxis)];

    public bool IsThinned(MatrixAxis axis) => axis == MatrixAxis.Step && (axis == RowAxis || axis == ColumnAxis) && _places[axis].Count > MaximumSteps;

    /// <summary>The grid at a place of each axis; of a step that is held the run's last one up to it. Null when there is none.</summary>
    public SampleGrid? At(MatrixPlace row, MatrixPlace column)
    {
        long On(MatrixAxis axis) => axis == row.Axis ? row.Number : axis == column.Axis ? column.Number : _held[axis].Number;
        if (_places.Values.Any(places => places.Count == 0))
        {
            return null;
        }

        var (run, nfe, head, solver) = (On(MatrixAxis.Run), On(MatrixAxis.Nfe), On(MatrixAxis.Head), On(MatrixAxis.Solver));
        var step = On(MatrixAxis.Step);
        if (_grids.TryGetValue((run, step, nfe, head, solver), out var grid) || row.Axis == MatrixAxis.Step || column.Axis == MatrixAxis.Step)
        {
            return grid;
        }

        foreach (var earlier in _places[MatrixAxis.Step].Reverse().Where(place => place.Number < step))
        {
            if (_grids.TryGetValue((run, earlier.Number, nfe, head, solver), out grid))
            {
                return grid;
            }
        }

        return null;
    }

    /// <summary>What a grid is compared with: the pinned one, else the one to its left, else the one above, else the next.</summary>
    public SampleGrid? AgainstOf(SampleGrid grid)
    {
        if (Pinned is not null)
        {
            return Pinned;
        }

        var cells = Rows.Select(row => Columns.Select(column => At(row, column)).ToList()).ToList();
        for (var row = 0; row < cells.Count; row++)
        {
            var column = cells[row].FindIndex(cell => cell?.Id == grid.Id);
            if (column >= 0)
            {
                return cells[row].Take(column).LastOrDefault(cell => cell is not null)
                    ?? cells.Take(row).Select(others => others[column]).LastOrDefault(cell => cell is not null)
                    ?? cells[row].Skip(column + 1).FirstOrDefault(cell => cell is not null)
                    ?? cells.Skip(row + 1).Select(others => others[column]).FirstOrDefault(cell => cell is not null);
            }
        }

        return null;
    }

    /// <summary>The grid of the same run, step, solver and head whose cells' ways are kept; null when none is.</summary>
    public SampleGrid? WithTrajectory(SampleGrid grid) => grid.HasTrajectory ? grid : All
        .Where(other => other.HasTrajectory && (other.RunId, other.Step, other.Solver, other.Head, other.NoiseBank) == (grid.RunId, grid.Step, grid.Solver, grid.Head, grid.NoiseBank))
        .MaxBy(other => other.Nfe);

    /// <summary>In words, for people and clipboards.</summary>
    public static string Identity(SampleGrid grid) =>
        string.Create(CultureInfo.InvariantCulture, $"run {grid.RunId} · step {grid.Step} · {grid.Solver} · NFE {grid.Nfe} · head {grid.Head} · noise bank {grid.NoiseBank}");

    private static MatrixPlace[] Spread(IReadOnlyList<MatrixPlace> places) => places.Count <= MaximumSteps
        ? [.. places]
        : [.. Enumerable.Range(0, MaximumSteps).Select(i => places[(int)Math.Round((double)i * (places.Count - 1) / (MaximumSteps - 1))])];

    private IReadOnlyList<MatrixPlace> OnAxis(MatrixAxis axis) => axis == MatrixAxis.Step ? Spread(_places[axis]) : _places[axis];

    /// <summary>Several runs by their NFE; one run's NFE by its steps.</summary>
    private (MatrixAxis Rows, MatrixAxis Columns) Axes(MatrixChoice choice)
    {
        var several = _places[MatrixAxis.Run].Count > 1;
        var rows = choice.Rows ?? (several ? MatrixAxis.Run : MatrixAxis.Nfe);
        MatrixAxis[] wanted = [choice.Columns ?? (several ? MatrixAxis.Nfe : MatrixAxis.Step), MatrixAxis.Nfe, MatrixAxis.Step];
        return (rows, wanted.First(axis => axis != rows));
    }

    /// <summary>The numbers that grids have beside what is held so far.</summary>
    private IReadOnlyList<MatrixPlace> Numbers(MatrixAxis axis, Func<SampleGrid, int> number) =>
    [
        .. All.Where(grid => _held.All(held => held.Key == RowAxis || held.Key == ColumnAxis || Matches(grid, held.Value)))
            .Select(number).Distinct().Order().Select(value => new MatrixPlace(axis, value, Figures.Count(value))),
    ];

    private static bool Matches(SampleGrid grid, MatrixPlace place) => place.Axis switch
    {
        MatrixAxis.Run => grid.RunId == place.Number,
        MatrixAxis.Step => grid.Step == place.Number,
        MatrixAxis.Nfe => grid.Nfe == place.Number,
        MatrixAxis.Head => grid.Head == place.Number,
        _ => grid.Solver == place.Text,
    };

    private void Hold(MatrixAxis axis, long? wanted, bool last)
    {
        var places = _places[axis];
        if (places.Count > 0)
        {
            var found = places.Where(place => place.Number == wanted).ToList();
            _held[axis] = found.Count > 0 ? found[0] : last ? places[^1] : places[0];
        }
    }

    private void HoldStep(int? wanted)
    {
        var places = _places[MatrixAxis.Step];
        if (places.Count > 0)
        {
            var earlier = wanted is { } step ? places.Where(place => place.Number <= step).ToList() : [.. places];
            _held[MatrixAxis.Step] = earlier.Count > 0 ? earlier[^1] : places[0];
        }
    }

    /// <summary>The grid that an address names by its step and NFE, where these are the axes.</summary>
    private SampleGrid? Named(MatrixChoice choice)
    {
        if (choice.Cell is not null || choice.Step is null || (RowAxis, ColumnAxis) is not ((MatrixAxis.Nfe, MatrixAxis.Step) or (MatrixAxis.Step, MatrixAxis.Nfe)) || !_held.TryGetValue(MatrixAxis.Nfe, out var nfe))
        {
            return null;
        }

        return At(nfe, _held[MatrixAxis.Step]);
    }
}
