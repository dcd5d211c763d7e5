using System.Globalization;
using CatchUp.Contracts.Journal;
using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Metrics;

/// <summary>Places a run's points on an axis.</summary>
/// <param name="axis">The axis.</param>
/// <param name="batch">Images an update.</param>
/// <param name="created">When the run was, in ticks.</param>
/// <param name="attempts">Of the run.</param>
internal sealed class RunClock(CurveAxis axis, long batch, long created, IEnumerable<AttemptEntity> attempts)
{
    /// <summary>An attempt that never started has no points; the time it held its slot is counted all the same.</summary>
    private readonly List<(AttemptEntity Attempt, double Before)> _attempts = Add([.. attempts.OrderBy(attempt => attempt.Number)]);

    private long? _origin;

    public CurveAxis Axis => axis;

    /// <summary>Whether a point's place needs the time at which it was logged.</summary>
    public bool NeedsTimes => axis is CurveAxis.Time or CurveAxis.Device;

    private long Origin => _origin ??= _attempts.Select(part => part.Attempt.StartedAt).FirstOrDefault(started => started is not null) ?? (_attempts.Count > 0 ? _attempts[0].Attempt.AssignedAt : created);

    public double StepAt(double place) => axis == CurveAxis.Images ? place / batch : place;

    /// <param name="step">The point's.</param>
    /// <param name="at">When it was logged, in ticks by the worker's clock.</param>
    public double Place(long step, long at) => axis switch
    {
        CurveAxis.Images => (double)step * batch,
        CurveAxis.Time => Seconds(at - Origin),
        CurveAxis.Device => DevicePlace(step, at),
        _ => step,
    };

    /// <summary>Where the run was taken up again.</summary>
    public IReadOnlyList<CurveMark> Marks()
    {
        var marks = new List<CurveMark>();
        AttemptEntity? before = null;
        foreach (var (attempt, held) in _attempts)
        {
            if (attempt.StartedAt is not { } started)
            {
                continue;
            }

            if (before is not null)
            {
                var place = axis switch { CurveAxis.Time => Seconds(started - Origin), CurveAxis.Device => held + Waited(attempt), _ => Place(attempt.FromStep, started) };
                marks.Add(new CurveMark(place, attempt.FromStep, Words(before, attempt)));
            }

            before = attempt;
        }

        return marks;
    }

    /// <summary>The point's attempt is the last one that began before its step: an attempt that began later has written what is now behind its own beginning.</summary>
    private double DevicePlace(long step, long at)
    {
        var (owner, before) = (_attempts.FindLast(part => part.Attempt.StartedAt is not null && part.Attempt.FromStep < Math.Max(step, 1)) is { Attempt: not null } found) ? found : default;
        if (owner is null)
        {
            return 0;
        }

        // Within the attempt by the worker's clock alone: it may differ from the server's.
        return before + Math.Min(Held(owner), Waited(owner) + Seconds(at - owner.StartedAt!.Value));
    }

    private static List<(AttemptEntity Attempt, double Before)> Add(List<AttemptEntity> attempts)
    {
        var (sum, parts) = (0.0, new List<(AttemptEntity Attempt, double Before)>());
        foreach (var attempt in attempts)
        {
            parts.Add((attempt, sum));
            sum += attempt.EndedAt is null ? 0 : Held(attempt);
        }

        return parts;
    }

    /// <summary>How long the attempt held its slot, in seconds; one that still does has no bound.</summary>
    private static double Held(AttemptEntity attempt) => attempt.EndedAt is { } ended ? Seconds(ended - attempt.AssignedAt) : double.PositiveInfinity;

    /// <summary>From being given out to the trainer's beginning; clocks that differ by more cannot make it longer than the attempt.</summary>
    private static double Waited(AttemptEntity attempt) => Math.Min(Held(attempt), Seconds(attempt.StartedAt!.Value - attempt.AssignedAt));

    private static double Seconds(long ticks) => Math.Max(0, TimeSpan.FromTicks(ticks).TotalSeconds);

    private static string Words(AttemptEntity before, AttemptEntity attempt)
    {
        var ended = before.Outcome switch
        {
            AttemptOutcome.Paused => "was paused",
            AttemptOutcome.Failed => "failed",
            AttemptOutcome.Cancelled => "was cancelled",
            AttemptOutcome.Completed => "ended",
            _ => "was lost",
        };
        return string.Create(CultureInfo.InvariantCulture, $"Attempt {before.Number} {ended} at step {before.LastStep:N0}; attempt {attempt.Number} goes on from step {attempt.FromStep:N0}.");
    }
}
