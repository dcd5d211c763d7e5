using System.Collections.Concurrent;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Workers;
using CatchUp.Search.Stopping;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Sweeps;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Launching;

/// <summary>Says what launching a sweep file would mean: time, disk, what is probably wrong, and whether it was launched before.</summary>
public sealed class SweepOutlooks
{
    /// <summary>An outlook is made while someone types: more runs are not written out.</summary>
    private const int MostPlayed = 2000;

    private const int MostTwins = 5, MostCandidates = 200;

    private readonly TrackingDatabase _database;
    private readonly SweepPlanner _planner;
    private readonly QueueForecasts _forecasts;
    private readonly TrackingOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Files never change once they are stored, so what they try is found out once.</summary>
    private readonly ConcurrentDictionary<long, string> _identities = new();

    internal SweepOutlooks(TrackingDatabase database, SweepPlanner planner, QueueForecasts forecasts, TrackingOptions options, TimeProvider time)
    {
        _database = database;
        _planner = planner;
        _forecasts = forecasts;
        _options = options;
        _time = time;
    }

    /// <summary>Null when the file cannot be launched.</summary>
    /// <param name="owner">Who would launch it; a file that says whose it is goes before. Null: nobody has signed in.</param>
    public async Task<SweepOutlook?> LookAsync(string document, string? owner, CancellationToken cancellation)
    {
        var (plan, file) = _planner.Read(document, grid => grid.Trials().Take(1));
        if (!plan.IsValid || file is null)
        {
            return null;
        }

        file = file with { Owner = file.Owner ?? owner };
        return await _database.ReadAsync(context => LookAsync(context, document, plan, file, cancellation), cancellation);
    }

    /// <summary>How long one run of a specification would take on the fastest device that is there, and what that rests on; null when nothing like it was measured.</summary>
    public async Task<IReadOnlyDictionary<string, (TimeSpan Length, PredictionBasis Basis)>> CostsAsync(IReadOnlyDictionary<string, RunSpecification> runs, CancellationToken cancellation)
    {
        var (throughput, slots) = await _database.ReadAsync(
            async context => (await Throughput.ReadAsync(context, cancellation), await CapabilitiesAsync(context, cancellation)), cancellation);
        var devices = slots.Select(SlotDevice.Of).Distinct().ToList();
        var costs = new Dictionary<string, (TimeSpan, PredictionBasis)>();
        foreach (var (name, run) in runs)
        {
            var asked = Ask(run, "");
            var known = devices.ConvertAll(device => throughput.Remaining(asked, device)).Append(throughput.Remaining(asked, null))
                .Where(cost => cost is { Basis: PredictionBasis.SameRunsAndDevice or PredictionBasis.SameRuns }).Select(cost => cost!.Value).ToList();
            if (known.Count > 0)
            {
                costs[name] = known.MinBy(cost => cost.Length);
            }
        }

        return costs;
    }

    private async Task<SweepOutlook> LookAsync(CatchUpContext context, string document, SweepPlan plan, SweepFile file, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var slots = await CapabilitiesAsync(context, cancellation);
        SweepForecast? forecast = null;
        if (plan.Runs <= MostPlayed)
        {
            var look = await _forecasts.LookAsync(context, file, cancellation);
            var ends = look.SweepOf.Where(pair => pair.Value == QueueForecasts.PlannedSweep).Select(pair => look.Runs[pair.Key].End).ToList();
            forecast = new SweepForecast(ends.Count, ends.Count(end => end is null), ends.Max(), file.Deadline?.Text, file.Deadline?.At);
        }

        var throughput = await Throughput.ReadAsync(context, cancellation);
        var able = slots.Where(slot => plan.FirstTrials.Any(trial => slot.Datasets.Contains(trial.Specification.Data.Dataset)) && file.Requires.Fits(slot)).ToList();
        var lengths = plan.FirstTrials.Select(trial => throughput.Remaining(Ask(trial.Specification, file.Project), able.Count > 0 ? SlotDevice.Of(able[0]) : null)).ToList();
        TimeSpan? mean = lengths.Count > 0 && lengths.TrueForAll(length => length is not null) ? TimeSpan.FromSeconds(lengths.Average(length => length!.Value.Length.TotalSeconds)) : null;
        var all = mean is { } each ? TimeSpan.FromSeconds(Math.Min(each.TotalSeconds * plan.Runs, 1e11)) : (TimeSpan?)null;
        var saved = MostSaved(plan, file);
        var (bytes, measured) = await DiskAsync(context, plan, file, cancellation);
        return new SweepOutlook
        {
            Forecast = forecast,
            RunLength = mean,
            Basis = mean is null ? PredictionBasis.None : lengths.Max(length => length!.Value.Basis),
            DeviceTime = all,
            MostSaved = saved,
            LeastDeviceTime = all is { } time && saved is { } share ? time * (1 - share) : null,
            OnGraphicsCards = able.Count == 0 ? null : able[0].Device.StartsWith("cuda", StringComparison.Ordinal),
            DiskBytes = bytes,
            DiskIsMeasured = measured,
            Warnings = SweepWarnings.Find(file, plan, SweepDocument.Parse(document), slots, mean, now),
            Twins = await TwinsAsync(context, document, plan, file, cancellation),
        };
    }

    private static ForecastRun Ask(RunSpecification run, string project)
    {
        var cost = RunCost.Of(run);
        return new ForecastRun(0, 0, 0, 0, run.Data.Dataset, cost.Extractor, null, true, run.Kind, run.Training.Iterations, 0, cost.Key, cost.EvaluationWork, project);
    }

    /// <summary>Of the steps of full training, were the rungs to stop all they may: of each rung 1/η goes on, but for the spared. Nothing is saved where all go on while few values are known. Null where steps are not what is saved.</summary>
    private static double? MostSaved(SweepPlan plan, SweepFile file)
    {
        if (file.Search is not { Rules: { Stopping: { } stopping } rules } || stopping.Ladders is not [{ Resource: Ladder.Steps } ladder, ..] || plan.FirstTrials is not [var first, ..])
        {
            return null;
        }

        var full = (double)first.Specification.Training.Iterations;
        var spent = 0d;
        for (var trial = 0; trial < Math.Min(rules.Trials, 1000); trial++)
        {
            var (share, from, cost) = (1d, 0d, 0d);
            foreach (var rung in stopping.RungsOf(0, trial))
            {
                cost += share * (ladder.Levels[rung] - from);
                (from, share) = (ladder.Levels[rung], share / ladder.Reduction);
            }

            spent += ((1 - stopping.SparedShare) * (cost + (share * (full - from)))) + (stopping.SparedShare * full);
        }

        // The first at each rung go on whatever their values.
        var least = Math.Min(1, (stopping.Least ?? Math.Ceiling(ladder.Reduction)) / Math.Max(1, rules.Trials));
        return Math.Clamp((1 - least) * (1 - (spent / (Math.Min(rules.Trials, 1000) * full))), 0, 1);
    }

    private static async Task<List<WorkerCapabilities>> CapabilitiesAsync(CatchUpContext context, CancellationToken cancellation) =>
        (await context.Slots.Select(slot => slot.Capabilities).Distinct().OrderBy(json => json).Take(MostCandidates).ToListAsync(cancellation))
            .ConvertAll(json => JsonSerializer.Deserialize<WorkerCapabilities>(json, ContractJson.Options) ?? new());

    /// <summary>What is left once the runs have ended: the retention policy's checkpoints and snapshots, or while there is none what the trainer keeps.</summary>
    private async Task<(long? Bytes, bool Measured)> DiskAsync(CatchUpContext context, SweepPlan plan, SweepFile file, CancellationToken cancellation)
    {
        var policy = file.Retention is { } own
            ? own.ContainsKey("keep") ? null : new Retention.RetentionPolicy(own["last"]?.GetValue<int>() ?? 1, own["best"]?.GetValue<int>() ?? 1)
            : _options.Retention;
        var (sum, measured) = (0d, true);
        foreach (var trial in plan.FirstTrials)
        {
            var run = trial.Specification;
            if (run.Kind == RunKind.Evaluate)
            {
                continue;
            }

            var sizes = (await Sql.ListAsync(
                context,
                "SELECT c.type, AVG(c.bytes * 1.0) FROM checkpoints c JOIN runs r ON r.id = c.run_id WHERE r.cost_key = @key GROUP BY c.type",
                row => (Type: Enum.Parse<CheckpointKind>(row.GetString(0)), Bytes: Convert.ToDouble(row.GetValue(1), System.Globalization.CultureInfo.InvariantCulture)),
                cancellation,
                ("@key", RunCost.Of(run).Key))).ToDictionary(size => size.Type, size => size.Bytes);
            var guess = NetworkSize.Of(run);
            measured &= sizes.ContainsKey(CheckpointKind.Checkpoint) && sizes.ContainsKey(CheckpointKind.Snapshot);
            if (guess is null && !measured)
            {
                return (null, false);
            }

            var made = Math.Max(1, (run.Training.Iterations + run.Training.CheckpointEvery - 1) / run.Training.CheckpointEvery);
            var evaluated = run.Evaluation.Every <= 0 ? 1 : Math.Max(1, (run.Training.Iterations + run.Evaluation.Every - 1) / run.Evaluation.Every);
            var checkpoints = Math.Min(made, Math.Min(run.Training.KeepCheckpoints, policy?.Last ?? int.MaxValue));
            var snapshots = Math.Min(evaluated, policy is null ? run.Training.KeepCheckpoints + 1 : policy.Last + policy.Best);
            sum += (checkpoints * sizes.GetValueOrDefault(CheckpointKind.Checkpoint, guess?.CheckpointBytes ?? 0)) + (snapshots * sizes.GetValueOrDefault(CheckpointKind.Snapshot, guess?.SnapshotBytes ?? 0));
        }

        return plan.FirstTrials.Count == 0 ? (null, false) : ((long)Math.Min(sum / plan.FirstTrials.Count * plan.Runs, 1e18), measured);
    }

    /// <summary>Stored sweeps with as many trials over the same keys, whose files then say the same.</summary>
    private async Task<IReadOnlyList<SweepTwin>> TwinsAsync(CatchUpContext context, string document, SweepPlan plan, SweepFile file, CancellationToken cancellation)
    {
        var identity = SweepIdentity.Of(document, file);
        var keys = JsonSerializer.Serialize(plan.SweptKeys, ContractJson.Options);
        var candidates = await context.Sweeps
            .Where(sweep => sweep.Trials == plan.Trials && sweep.Replicates == plan.Replicates)
            .OrderByDescending(sweep => sweep.Id).Take(MostCandidates)
            .Select(sweep => new { sweep.Id, sweep.Name, sweep.CreatedAt, sweep.SweptKeys }).ToListAsync(cancellation);
        var order = Ordered(keys);
        var twins = new List<SweepTwin>();
        foreach (var candidate in candidates.Where(candidate => Ordered(candidate.SweptKeys) == order))
        {
            if (!_identities.TryGetValue(candidate.Id, out var theirs))
            {
                var text = await context.Sweeps.Where(sweep => sweep.Id == candidate.Id).Select(sweep => sweep.Document).FirstOrDefaultAsync(cancellation);
                theirs = text is not null && _planner.Read(text, grid => grid.Trials().Take(1)) is (_, { } read) ? SweepIdentity.Of(text, read) : "";
                _identities[candidate.Id] = theirs;
            }

            if (theirs == identity)
            {
                twins.Add(new SweepTwin(candidate.Id, candidate.Name, new DateTimeOffset(candidate.CreatedAt, TimeSpan.Zero)));
            }

            if (twins.Count == MostTwins)
            {
                break;
            }
        }

        return twins;

        static string Ordered(string json) => string.Join('\n', (JsonSerializer.Deserialize<List<string>>(json, ContractJson.Options) ?? []).Order(StringComparer.Ordinal));
    }
}
