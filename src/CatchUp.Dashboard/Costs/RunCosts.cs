using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Costs;

/// <summary>What some runs cost, and what they started from cost. A run counts once, however many others started from it.</summary>
/// <param name="Runs">By id: those asked for, and those above them that still exist.</param>
/// <param name="Teachers">By run: what it started from or learned from, what that started from, and so on.</param>
public sealed record RunCosts(IReadOnlyDictionary<long, RunDetails> Runs, IReadOnlyDictionary<long, IReadOnlyList<long>> Teachers)
{
    public static RunCosts Nothing { get; } = new(new Dictionary<long, RunDetails>(), new Dictionary<long, IReadOnlyList<long>>());

    public bool HasTeachers => Teachers.Count > 0;

    public static async Task<RunCosts> ReadAsync(RunStore store, IReadOnlyList<RunDetails> runs, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        var known = runs.ToDictionary(run => run.Summary.Id);
        var teachers = await store.TeachersAsync([.. known.Keys], cancellation);
        foreach (var teacher in await store.FindAsync([.. teachers.Values.SelectMany(above => above).Distinct().Where(run => !known.ContainsKey(run))], cancellation))
        {
            known[teacher.Summary.Id] = teacher;
        }

        return new(known, teachers);
    }

    /// <summary>The same with what was read of some runs since.</summary>
    public RunCosts With(IReadOnlyList<RunDetails> runs)
    {
        var known = Runs.ToDictionary();
        foreach (var run in runs)
        {
            known[run.Summary.Id] = run;
        }

        return this with { Runs = known };
    }

    /// <summary>The time of slots for these runs together.</summary>
    /// <param name="teachers">With what they started from.</param>
    public SlotTime Of(IEnumerable<long> runs, bool teachers) => All(runs, teachers).Select(run => Runs.GetValueOrDefault(run)?.Seconds ?? SlotTime.Nothing).Aggregate(SlotTime.Nothing, SlotTime.Add);

    /// <summary>Hours of one run: the mean over these, each with all that it started from.</summary>
    public double HoursOfOne(IReadOnlyList<long> runs, bool teachers) => runs.Count == 0 ? 0 : runs.Average(run => Of([run], teachers).Total) / 3600;

    /// <summary>Runs that these started from and that are deleted, so that nobody knows what they cost.</summary>
    public IReadOnlyList<long> Unknown(IEnumerable<long> runs) => [.. All(runs, teachers: true).Where(run => !Runs.ContainsKey(run))];

    /// <summary>What these runs ran on, in words.</summary>
    public IReadOnlyList<string> Devices(IEnumerable<long> runs, bool teachers) =>
        [.. All(runs, teachers).SelectMany(run => Runs.GetValueOrDefault(run)?.Attempts ?? []).Select(attempt => attempt.Device).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    private HashSet<long> All(IEnumerable<long> runs, bool teachers) => [.. runs.SelectMany(run => teachers ? Teachers.GetValueOrDefault(run, []).Prepend(run) : [run])];
}
