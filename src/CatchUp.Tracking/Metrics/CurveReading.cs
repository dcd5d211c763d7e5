using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Runs;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Metrics;

/// <summary>
/// Reads curves over any axis. Buckets are stretches of steps; the places of their ends on the axis are exact: those of the points there. Only a bucket without any finite value is
/// placed between its neighbours, evenly by its step.
/// </summary>
internal static class CurveReading
{
    /// <summary>Enough to find which steps lie in a stretch of time: the part that is read then begins and ends with whole buckets around it.</summary>
    private const int OverviewBuckets = 250;

    public static async Task<IReadOnlyList<Curve>> ReadAsync(CatchUpContext context, CurveQuestion question, CancellationToken cancellation)
    {
        var limit = Math.Clamp(question.Buckets, 1, MetricStore.MaximumBuckets);
        var runs = question.Sets.SelectMany(set => set).Distinct().Take(CurveQuestion.MaximumRuns).ToList();
        var tops = (await MetricTop.ReadAsync(context, runs, [question.Metric], cancellation)).ToDictionary(top => top.Run);
        var clocks = await ClocksAsync(context, question, [.. tops.Keys], cancellation);
        var parts = tops.Values.ToDictionary(top => top.Run, top => new SeriesPart(top, 0, long.MaxValue));
        if (question.From is not null || question.To is not null)
        {
            parts = await PartsAsync(context, question, tops, clocks, cancellation);
        }

        await BucketReading.ReadAsync(context, [.. question.Sets.Select(set => set.Distinct().Where(parts.ContainsKey).Select(run => parts[run]).ToList())], limit, cancellation);
        List<SeriesPart> read = [.. runs.Where(parts.ContainsKey).Select(run => parts[run])];
        var places = await PlacesAsync(context, read, clocks, cancellation);
        return
        [
            .. read.Select((part, index) => new Curve(
                part.Top.Run,
                (int)Math.Min(part.Width, int.MaxValue),
                Buckets(part, places[index]),
                part.Top.Summary.Count,
                MetricName.IsSystem(question.Metric) && clocks[part.Top.Run].Axis == CurveAxis.Step ? [] : clocks[part.Top.Run].Marks())),
        ];
    }

    /// <summary>Which steps of each run lie in the stretch of the axis.</summary>
    private static async Task<Dictionary<long, SeriesPart>> PartsAsync(CatchUpContext context, CurveQuestion question, Dictionary<long, MetricTop> tops, Dictionary<long, RunClock> clocks, CancellationToken cancellation)
    {
        var (from, to) = (question.From ?? double.NegativeInfinity, question.To ?? double.PositiveInfinity);
        if (clocks.Values.All(clock => !clock.NeedsTimes))
        {
            return tops.Values.ToDictionary(top => top.Run, top => new SeriesPart(top, Step(Math.Floor(clocks[top.Run].StepAt(from))), Step(Math.Ceiling(clocks[top.Run].StepAt(to)))));
        }

        var whole = tops.Values.Select(top => new SeriesPart(top, 0, long.MaxValue)).ToList();
        await BucketReading.ReadAsync(context, whole.ConvertAll(part => new[] { part }), OverviewBuckets, cancellation);
        var places = await PlacesAsync(context, whole, clocks, cancellation);
        return whole.Select((part, index) =>
        {
            var buckets = Buckets(part, places[index]);
            if (buckets.Count == 0)
            {
                return part;
            }

            var before = buckets.LastOrDefault(bucket => bucket.End < from, buckets[0]);
            var after = buckets.FirstOrDefault(bucket => bucket.Start > to, buckets[^1]);
            return new SeriesPart(part.Top, before.Step, after.Step);
        }).ToDictionary(part => part.Top.Run);
    }

    private static async Task<List<Func<long, double?>>> PlacesAsync(CatchUpContext context, List<SeriesPart> parts, Dictionary<long, RunClock> clocks, CancellationToken cancellation)
    {
        var timed = parts.FindAll(part => clocks[part.Top.Run].NeedsTimes);
        var times = (await BucketReading.TimesAsync(context, timed, cancellation)).Index().ToDictionary(pair => timed[pair.Index], pair => pair.Item);
        return parts.ConvertAll<Func<long, double?>>(part =>
        {
            var clock = clocks[part.Top.Run];
            return times.TryGetValue(part, out var at) ? step => at.TryGetValue(step, out var when) ? clock.Place(step, when) : null : step => clock.Place(step, 0);
        });
    }

    private static List<CurveBucket> Buckets(SeriesPart part, Func<long, double?> place)
    {
        // Two workers' clocks may differ, but no curve goes back in time.
        var latest = double.NegativeInfinity;
        var curve = new List<CurveBucket>(part.Buckets.Count);
        foreach (var bucket in part.Buckets)
        {
            var (first, last) = (bucket.FirstStep ?? (bucket.Bucket * part.Width), bucket.LastStep ?? (((bucket.Bucket + 1) * part.Width) - 1));

            // Without a finite value, one of the two steps may be that of a point and the other not.
            var (start, end) = (Next(place(first) ?? place(last)), Next(place(last) ?? place(first)));
            curve.Add(new CurveBucket(last, start, end, bucket.Minimum, bucket.Maximum, bucket.LastValue, bucket.Count, bucket.NotFinite));
        }

        PlaceUnknown(curve);
        return curve;

        double Next(double? at) => at is { } known ? latest = Math.Max(latest, known) : double.NaN;
    }

    /// <summary>Buckets without a finite value, over an axis of time: evenly by their steps between the neighbours.</summary>
    private static void PlaceUnknown(List<CurveBucket> curve)
    {
        var known = curve.Where(bucket => !double.IsNaN(bucket.End)).ToList();
        var next = 0;
        for (var i = 0; i < curve.Count; i++)
        {
            if (!double.IsNaN(curve[i].End))
            {
                next++;
                continue;
            }

            var place = (next, known.Count - next) switch
            {
                (0, 0) => 0,
                (0, _) => known[0].Start,
                (_, 0) => known[^1].End,
                _ => known[next - 1].End + ((known[next].Start - known[next - 1].End) * (curve[i].Step - known[next - 1].Step) / Math.Max(1, known[next].Step - known[next - 1].Step)),
            };
            curve[i] = curve[i] with { Start = place, End = place };
        }
    }

    private static async Task<Dictionary<long, RunClock>> ClocksAsync(CatchUpContext context, CurveQuestion question, List<long> runs, CancellationToken cancellation)
    {
        // The machine is measured on an axis of seconds; images and attempts mean nothing to it.
        var axis = MetricName.IsSystem(question.Metric) && question.Axis != CurveAxis.Time ? CurveAxis.Step : question.Axis;
        var clocks = new Dictionary<long, RunClock>();
        foreach (var chunk in runs.Chunk(500))
        {
            var rows = await context.Runs.Where(run => chunk.Contains(run.Id)).Select(run => new { run.Id, run.CreatedAt, Specification = axis == CurveAxis.Images ? run.Specification : null }).ToListAsync(cancellation);
            var attempts = (await context.Attempts.Where(attempt => chunk.Contains(attempt.RunId)).Select(attempt => new AttemptEntity
            {
                RunId = attempt.RunId,
                Number = attempt.Number,
                Worker = attempt.Worker,
                Assignment = "",
                FromStep = attempt.FromStep,
                LastStep = attempt.LastStep,
                Outcome = attempt.Outcome,
                AssignedAt = attempt.AssignedAt,
                StartedAt = attempt.StartedAt,
                EndedAt = attempt.EndedAt,
            }).ToListAsync(cancellation)).ToLookup(attempt => attempt.RunId);
            foreach (var run in rows)
            {
                var batch = run.Specification is null ? 1 : JsonSerializer.Deserialize<RunSpecification>(run.Specification, ContractJson.Options)!.Training.BatchSize;
                clocks[run.Id] = new RunClock(axis, Math.Max(1, batch), run.CreatedAt, attempts[run.Id]);
            }
        }

        // A run that was deleted meanwhile.
        foreach (var gone in runs.Where(run => !clocks.ContainsKey(run)))
        {
            clocks[gone] = new RunClock(axis, 1, 0, []);
        }

        return clocks;
    }

    private static long Step(double step) => step switch { <= 0 => 0, >= long.MaxValue => long.MaxValue, _ => (long)step };
}
