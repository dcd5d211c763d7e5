using CatchUp.Tracking.Database;
using CatchUp.Tracking.Metrics;

namespace CatchUp.Tracking.Reproductions;

/// <summary>Walks through one metric's points by step, a stretch at a time: a million of them never are in memory together.</summary>
internal sealed class PointCursor(CatchUpContext context, long run, int metric, long last)
{
    private const int Stretch = 10_000;

    private List<(long Step, double Value)> _read = [];
    private int _next;
    private long _after = -1;
    private bool _ended;

    public (long Step, double Value)? Current { get; private set; }

    public async ValueTask<bool> MoveAsync(CancellationToken cancellation)
    {
        if (_next == _read.Count && !_ended)
        {
            _read = await Sql.ListAsync(
                context, "SELECT step, value, kind FROM points WHERE run_id = @run AND metric_id = @metric AND step > @after AND step <= @last ORDER BY step LIMIT @limit",
                row => (row.GetInt64(0), Point.ValueOf(Sql.Double(row, 1), (PointKind)row.GetInt16(2))),
                cancellation, ("@run", run), ("@metric", metric), ("@after", _after), ("@last", last), ("@limit", Stretch));
            (_next, _ended) = (0, _read.Count < Stretch);
        }

        if (_next == _read.Count)
        {
            Current = null;
            return false;
        }

        Current = _read[_next++];
        _after = Current.Value.Step;
        return true;
    }
}
