namespace CatchUp.Tracking.Queue;

/// <summary>
/// Plays the queue forward as the claim would: each slot that becomes free takes the best run that fits it, sweeps keep to their windows and limits, and a run
/// whose window closes goes back into the queue with what is left of it. Pure: no database, no clock.
/// </summary>
internal sealed class QueueForecast
{
    /// <summary>A run is played through this many openings of its window at most in the mean; what is beyond stays unknown.</summary>
    private const int EventsPerRun = 20;

    private static readonly TimeSpan Horizon = TimeSpan.FromDays(400);

    private readonly Func<ForecastRun, ForecastSlot, TimeSpan?> _length;
    private readonly Dictionary<long, SweepState> _sweeps;
    private readonly Dictionary<string, int> _owners = [];
    private readonly List<ForecastSlot> _slots;
    private readonly Dictionary<string, Queue<int>> _idle = [];
    private readonly List<Lane> _lanes = [];
    private readonly Dictionary<(long, string, string?, string), Lane> _laneOf = [];
    private readonly Dictionary<long, List<ForecastRun>> _children = [];
    private readonly Dictionary<long, TimeSpan> _left = [];
    private readonly Dictionary<long, long> _starts = [];
    private readonly Dictionary<long, long> _ends = [];
    private readonly List<long> _order = [];
    private readonly PriorityQueue<Happening, (long At, long Number)> _happenings = new();
    private long _number;

    private QueueForecast(IEnumerable<ForecastSweep> sweeps, IEnumerable<ForecastSlot> slots, Func<ForecastRun, ForecastSlot, TimeSpan?> length)
    {
        _length = length;
        _sweeps = sweeps.ToDictionary(sweep => sweep.Id, sweep => new SweepState(sweep));
        _slots = [.. slots];
    }

    /// <param name="Order">Waiting runs in the order they will be taken; what nothing can take comes last.</param>
    /// <param name="Times">Of waiting and running runs; what is unknown is null.</param>
    public sealed record Result(IReadOnlyList<long> Order, IReadOnlyDictionary<long, (DateTimeOffset? Start, DateTimeOffset? End)> Times);

    /// <param name="running">Runs that run, their sweeps, and when they end; null: unknown.</param>
    /// <param name="length">How long the rest of a run takes in a slot; null: unknown.</param>
    public static Result Play(
        DateTimeOffset now, IEnumerable<ForecastSweep> sweeps, IEnumerable<ForecastSlot> slots, IReadOnlyList<(long Run, long Sweep, DateTimeOffset? End)> running, IReadOnlyList<ForecastRun> waiting,
        Func<ForecastRun, ForecastSlot, TimeSpan?> length)
        => new QueueForecast(sweeps, slots, length).Play(now, running, waiting);

    private Result Play(DateTimeOffset now, IReadOnlyList<(long Run, long Sweep, DateTimeOffset? End)> running, IReadOnlyList<ForecastRun> waiting)
    {
        var held = new Dictionary<long, int>();
        foreach (var (index, slot) in _slots.Index())
        {
            if (slot.Run is { } run)
            {
                held[run] = index;
            }
            else
            {
                Free(index);
            }
        }

        foreach (var (run, sweep, end) in running)
        {
            Count(sweep, 1);
            if (end is { } at)
            {
                _ends[run] = Math.Max(at.UtcTicks, now.UtcTicks);
                Happen(_ends[run], new Happening(run, sweep, held.GetValueOrDefault(run, -1), null));
            }
        }

        foreach (var run in waiting)
        {
            if (run is { ParentReady: false, Parent: { } parent })
            {
                (_children.TryGetValue(parent, out var children) ? children : _children[parent] = []).Add(run);
            }
            else
            {
                Enqueue(run);
            }
        }

        var most = EventsPerRun * (waiting.Count + running.Count + 10);
        Assign(now.UtcTicks);
        for (var events = 0; events < most && _happenings.TryDequeue(out var happening, out var when) && when.At <= now.UtcTicks + Horizon.Ticks; events++)
        {
            Apply(happening, when.At);
            while (_happenings.TryPeek(out _, out var next) && next.At == when.At)
            {
                Apply(_happenings.Dequeue(), when.At);
            }

            Assign(when.At);
        }

        OrderTheRest(running, waiting);
        return new Result(_order, waiting.Select(run => run.Id).Concat(running.Select(run => run.Run)).ToDictionary(id => id, id => (Time(_starts, id), Time(_ends, id))));
    }

    private static DateTimeOffset? Time(Dictionary<long, long> times, long run) => times.TryGetValue(run, out var ticks) ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private void Happen(long at, Happening happening) => _happenings.Enqueue(happening, (at, _number++));

    private void Free(int slot) => (_idle.TryGetValue(_slots[slot].Kind, out var idle) ? idle : _idle[_slots[slot].Kind] = new Queue<int>()).Enqueue(slot);

    private void Enqueue(ForecastRun run)
    {
        var key = (run.Sweep, run.Dataset, run.Extractor, run.Excluded);
        if (!_laneOf.TryGetValue(key, out var lane))
        {
            lane = _laneOf[key] = new Lane(_sweeps[run.Sweep], run.Dataset, run.Extractor, run.Excluded);
            _lanes.Add(lane);
        }

        lane.Runs.Enqueue(run, (-run.Priority, run.Position, run.Id));
    }

    private void Count(long sweep, int change)
    {
        var state = _sweeps[sweep];
        state.Running += change;
        _owners[state.Sweep.Owner] = _owners.GetValueOrDefault(state.Sweep.Owner) + change;
    }

    private void Apply(Happening happening, long at)
    {
        if (happening.Sweep == 0)
        {
            // A window opened: whoever is idle looks again.
            return;
        }

        Count(happening.Sweep, -1);
        if (happening.Slot >= 0)
        {
            Free(happening.Slot);
        }

        if (happening.Again is { } run)
        {
            Enqueue(run);
            return;
        }

        _ends[happening.Run] = at;
        if (_children.Remove(happening.Run, out var children))
        {
            children.ForEach(Enqueue);
        }
    }

    private void Assign(long at)
    {
        foreach (var idle in _idle.Values)
        {
            while (idle.TryPeek(out var slot) && Best(_slots[slot], at) is { } lane)
            {
                idle.Dequeue();
                Start(lane.Runs.Dequeue(), slot, at);
                if (lane.Runs.Count == 0)
                {
                    _lanes.Remove(lane);
                    _laneOf.Remove((lane.Sweep.Sweep.Id, lane.Dataset, lane.Extractor, lane.Excluded));
                }
            }
        }
    }

    private Lane? Best(ForecastSlot slot, long at)
    {
        Lane? best = null;
        foreach (var lane in _lanes)
        {
            if (lane.Takes(slot) && IsOpen(lane.Sweep, at) && (best is null || Compare(lane, best) < 0))
            {
                best = lane;
            }
        }

        return best;
    }

    /// <summary>The claim's order, but for what the claim looks at last: there is no database here that could tell two equal runs apart otherwise.</summary>
    private int Compare(Lane one, Lane other)
    {
        var (first, second) = (one.Runs.Peek(), other.Runs.Peek());
        var order = second.Priority.CompareTo(first.Priority);
        order = order != 0 ? order : _owners.GetValueOrDefault(one.Sweep.Sweep.Owner).CompareTo(_owners.GetValueOrDefault(other.Sweep.Sweep.Owner));
        order = order != 0 ? order : one.Sweep.Running.CompareTo(other.Sweep.Running);
        order = order != 0 ? order : first.Position.CompareTo(second.Position);
        return order != 0 ? order : first.Id.CompareTo(second.Id);
    }

    private bool IsOpen(SweepState state, long at)
    {
        var sweep = state.Sweep;
        if (sweep.Paused || state.Running >= sweep.MaxParallel)
        {
            return false;
        }

        if (sweep.Window is null)
        {
            return true;
        }

        var now = new DateTimeOffset(at, TimeSpan.Zero);
        if (!state.Looked || state.Opening is { } old && old.Closes <= now)
        {
            (state.Looked, state.Opening) = (true, sweep.Window.At(now));
            if (state.Opening is { } next && next.Opens > now)
            {
                Happen(next.Opens.UtcTicks, new Happening(0, 0, -1, null));
            }
        }

        return state.Opening?.Contains(now) == true;
    }

    private void Start(ForecastRun run, int slot, long at)
    {
        Count(run.Sweep, 1);
        if (_starts.TryAdd(run.Id, at))
        {
            _order.Add(run.Id);
        }

        if ((_left.TryGetValue(run.Id, out var left) ? left : _length(run, _slots[slot])) is not { } length)
        {
            // Nobody knows when this slot is free again.
            return;
        }

        if (_sweeps[run.Sweep].Opening is { } opening && opening.Closes.UtcTicks - at < length.Ticks)
        {
            _left[run.Id] = length - TimeSpan.FromTicks(opening.Closes.UtcTicks - at);
            Happen(opening.Closes.UtcTicks, new Happening(run.Id, run.Sweep, slot, run));
        }
        else
        {
            Happen(at + length.Ticks, new Happening(run.Id, run.Sweep, slot, null));
        }
    }

    /// <summary>Runs whose start is unknown: those that a free slot could take, as claims in a row would take them; then those that wait for something else.</summary>
    private void OrderTheRest(IReadOnlyList<(long Run, long Sweep, DateTimeOffset? End)> running, IReadOnlyList<ForecastRun> waiting)
    {
        foreach (var state in _sweeps.Values)
        {
            state.Running = 0;
        }

        _owners.Clear();
        foreach (var (_, sweep, _) in running)
        {
            Count(sweep, 1);
        }

        var taken = _order.ToHashSet();
        _lanes.Clear();
        _laneOf.Clear();
        foreach (var run in waiting.Where(run => !taken.Contains(run.Id) && run.ParentReady && _sweeps[run.Sweep] is { Sweep.Paused: false } state
            && (_slots.Count == 0 || _slots.Exists(slot => slot.Takes(state.Sweep, run.Dataset, run.Extractor, run.Excluded)))))
        {
            Enqueue(run);
        }

        while (_lanes.Count > 0)
        {
            Lane? best = null;
            foreach (var lane in _lanes)
            {
                best = best is null || Compare(lane, best) < 0 ? lane : best;
            }

            var run = best!.Runs.Dequeue();
            Count(run.Sweep, 1);
            taken.Add(run.Id);
            _order.Add(run.Id);
            if (best.Runs.Count == 0)
            {
                _lanes.Remove(best);
            }
        }

        _order.AddRange(waiting.Where(run => !taken.Contains(run.Id)).OrderByDescending(run => run.Priority).ThenBy(run => run.Position).ThenBy(run => run.Id).Select(run => run.Id));
    }

    /// <param name="Sweep">0: a window opens.</param>
    /// <param name="Again">The run goes back into the queue, because its window closes; null: it ends.</param>
    private sealed record Happening(long Run, long Sweep, int Slot, ForecastRun? Again);

    private sealed class SweepState(ForecastSweep sweep)
    {
        public ForecastSweep Sweep => sweep;

        public int Running { get; set; }

        public bool Looked { get; set; }

        public WindowOpening? Opening { get; set; }
    }

    /// <summary>Runs of a sweep that the same slots can take, the next first.</summary>
    private sealed class Lane(SweepState sweep, string dataset, string? extractor, string excluded)
    {
        private readonly Dictionary<string, bool> _takes = [];

        public SweepState Sweep => sweep;

        public string Dataset => dataset;

        public string? Extractor => extractor;

        public string Excluded => excluded;

        public PriorityQueue<ForecastRun, (int Priority, double Position, long Id)> Runs { get; } = new();

        public bool Takes(ForecastSlot slot)
        {
            if (!_takes.TryGetValue(slot.Kind, out var takes))
            {
                takes = _takes[slot.Kind] = slot.Takes(sweep.Sweep, dataset, extractor, excluded);
            }

            return takes;
        }
    }
}
