using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Samples;
using CatchUp.Tracking.Sources;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace CatchUp.Tracking.Ingest;

/// <summary>Writes one batch of one attempt's journal, in the caller's transaction. What cannot be stored is dropped with a warning in the run's log: a journal never gets stuck on an entry.</summary>
internal sealed partial class JournalWriting(
    CatchUpContext context, TrackingDatabase database, ArtifactDirectory artifacts, TrackingOptions options, ILogger logger, RunEntity run, AttemptEntity attempt, long now)
{
    private const int MaximumLineLength = 32_000;

    private const string NoSubject = "The run that was evaluated is deleted, so its results have no place.";

    private readonly List<(string Name, long Step, double Value, long At)> _points = [];
    private readonly Dictionary<string, (int Count, long At)> _warnings = new(StringComparer.Ordinal);
    private readonly List<string> _released = [];
    private readonly List<LogEntity> _lines = [];
    private bool _saved;

    /// <summary>Whose curve the evaluations and samples are: the run's own, or that of the run it evaluates; null when that was deleted.</summary>
    public RunEntity? Subject { get; private set; }

    public bool DataArrived => _points.Count > 0 || Evaluated || _saved;

    public bool Evaluated { get; private set; }

    /// <summary>Artifacts whose rows were removed.</summary>
    public IReadOnlyList<string> Released => _released;

    public async Task WriteAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellation)
    {
        Subject = run.Kind == RunKind.Evaluate ? await context.Runs.AsTracking().FirstOrDefaultAsync(r => r.Id == run.ParentRunId, cancellation) : run;

        AttemptEnded? ended = null;
        foreach (var entry in entries)
        {
            switch (entry)
            {
                case PointsLogged points:
                    Take(points);
                    break;
                case LogWritten line:
                    TakeLine(line.At.UtcTicks, line.Level, line.Text);
                    break;
                case AttemptStarted started:
                    await TakeAsync(started, cancellation);
                    break;
                case SamplesSaved samples:
                    await TakeAsync(samples, cancellation);
                    break;
                case EvaluationMade evaluation:
                    await TakeAsync(evaluation, cancellation);
                    break;
                case CheckpointSaved saved:
                    await TakeAsync(saved, cancellation);
                    break;
                case CheckpointRemoved removed:
                    await context.Checkpoints
                        .Where(c => c.RunId == run.Id && c.Type == removed.Type && c.Step == removed.Step && c.Sha256 == removed.Sha256 && !c.Pinned)
                        .ExecuteUpdateAsync(set => set.SetProperty(c => c.Removed, true), cancellation);
                    _saved = true;
                    break;
                case TimeSpent spent:
                    Take(spent);
                    break;
                case AttemptEnded end:
                    ended = end;
                    break;
                default:
                    Warn($"An entry of the unknown kind {entry.GetType().Name} was passed over.", entry.At.UtcTicks);
                    break;
            }
        }

        await PointWriter.WriteAsync(context, database, run.Id, _points, cancellation);
        if (_saved)
        {
            await DropRemovedCheckpointsAsync(cancellation);
        }

        if (Evaluated)
        {
            await BestEvaluation.UpdateAsync(context, Subject!, cancellation);
            Subject!.UpdatedAt = now;
        }

        foreach (var (text, (count, at)) in _warnings)
        {
            TakeLine(at, LogLevelName.Warning, count == 1 ? text : $"{text} ({count} times in one batch)");
        }

        await WriteLinesAsync(cancellation);
        attempt.Position = entries[^1].Number;
        run.UpdatedAt = now;
        if (ended is not null)
        {
            Reach(ended.Step, ended.At.UtcTicks);
            attempt.EndedByJournal = true;
            await new AttemptEnding(context, database.Dialect, options, run, attempt, ended, now).ApplyAsync(cancellation);
        }
    }

    private async Task TakeAsync(AttemptStarted started, CancellationToken cancellation)
    {
        attempt.StartedAt = started.At.UtcTicks;
        attempt.FromStep = started.FromStep;
        run.StartedAt ??= now;
        run.ParameterCount = started.Parameters;
        run.Environment = JsonSerializer.Serialize(
            started.Environment.Take(200).GroupBy(pair => CleanText.Line(pair.Key, 200)).ToDictionary(group => group.Key, group => CleanText.Block(group.First().Value, 2000)), ContractJson.Options);
        if (started.SourcePatch is { } patch && started.Environment.TryGetValue("patch_sha256", out var sha256) && CleanText.IsSha256(sha256))
        {
            await SourcePatchStore.KeepAsync(context, sha256, patch, now, cancellation);
        }
    }

    private void Take(TimeSpent spent)
    {
        attempt.TrainingSeconds += Seconds(spent.Training);
        attempt.SamplingSeconds += Seconds(spent.Sampling);
        attempt.EvaluationSeconds += Seconds(spent.Evaluation);

        static double Seconds(double value) => double.IsFinite(value) && value > 0 ? value : 0;
    }

    private void Take(PointsLogged points)
    {
        var at = points.At.UtcTicks;
        if (points.Step < 0)
        {
            Warn($"Values at the negative step {points.Step} were dropped.", at);
            return;
        }

        foreach (var (name, value) in points.Values)
        {
            if (MetricName.Problem(name) is { } problem)
            {
                Warn($"The metric \"{CleanText.Line(name, 60)}\" is not stored: {problem}.", at);
            }
            else if (MetricName.IsSystem(name))
            {
                Warn($"The metric \"{name}\" is not stored: names under {MetricName.SystemPrefix} are the worker's.", at);
            }
            else
            {
                _points.Add((name, points.Step, value, at));
                if (name == MetricName.Loss && points.Step >= run.Step)
                {
                    run.LastLoss = double.IsFinite(value) ? value : null;
                }
            }
        }

        Reach(points.Step, at);
    }

    private async Task TakeAsync(SamplesSaved samples, CancellationToken cancellation)
    {
        var at = samples.At.UtcTicks;
        if (Subject is null)
        {
            Warn(NoSubject, at);
            return;
        }

        if (samples.Step < 0 || !CleanText.IsSha256(samples.Sha256) || samples.Rows < 1 || samples.Columns < 1)
        {
            Warn($"A sample grid at step {samples.Step} was dropped: its step, size or SHA-256 cannot be right.", at);
            return;
        }

        var solver = CleanText.Line(samples.Solver, 100);
        var there = await context.Samples.AsNoTracking().FirstOrDefaultAsync(
            s => s.RunId == Subject.Id && s.Step == samples.Step && s.Solver == solver && s.Nfe == samples.Nfe && s.Head == samples.Head && s.NoiseBank == samples.NoiseBank, cancellation);
        if (there is not null)
        {
            _released.AddRange(new[] { samples.Neighbours?.Sha256, samples.Trajectory?.Sha256 }.OfType<string>());
            if (there.Sha256 != samples.Sha256)
            {
                _released.Add(samples.Sha256);
                Warn($"Another sample grid at step {samples.Step}, {solver}, NFE {samples.Nfe}, head {samples.Head} was dropped: the first one stays.", at);
            }

            return;
        }

        var entity = new SampleEntity
        {
            RunId = Subject.Id,
            Step = samples.Step,
            Solver = solver,
            Nfe = samples.Nfe,
            Head = samples.Head,
            NoiseBank = samples.NoiseBank,
            Rows = samples.Rows,
            Columns = samples.Columns,
            CellWidth = samples.CellWidth,
            CellHeight = samples.CellHeight,
            Sha256 = samples.Sha256,
            Bytes = samples.Bytes,
            At = at,
        };
        context.Samples.Add(entity);
        await context.SaveChangesAsync(cancellation);
        foreach (var picture in SamplePictures.Of(samples, what => Warn($"{what} of a sample grid at step {samples.Step} were dropped: they do not fit it.", at)))
        {
            picture.SampleId = entity.Id;
            context.SamplePictures.Add(picture);
        }

        await context.SaveChangesAsync(cancellation);
        _saved = true;
    }

    private async Task TakeAsync(EvaluationMade made, CancellationToken cancellation)
    {
        var at = made.At.UtcTicks;
        if (Subject is null)
        {
            Warn(NoSubject, at);
            return;
        }

        if (made.Step < 0 || made.Gate < 0 || !CleanText.IsSha256(made.SnapshotSha256))
        {
            Warn($"An evaluation at step {made.Step} was dropped: its step, its gate or its snapshot's SHA-256 cannot be right.", at);
            return;
        }

        var kind = Point.KindOf(made.Value);
        var evaluation = new EvaluationEntity
        {
            RunId = Subject.Id,
            Step = made.Step,
            SnapshotSha256 = made.SnapshotSha256,
            Solver = CleanText.Line(made.Solver, 100),
            Nfe = made.Nfe,
            Head = made.Head,
            Metric = CleanText.Line(made.Metric, 100),
            Extractor = CleanText.Line(made.Extractor, 200),
            ExtractorSha256 = CleanText.Line(made.ExtractorSha256, 64),
            Reference = CleanText.Line(made.Reference, 200),
            ReferenceSha256 = CleanText.Line(made.ReferenceSha256, 64),
            Samples = made.Samples,
            Gate = made.Gate,
            NoiseBank = made.NoiseBank,
            Quantisation = CleanText.Line(made.Quantisation, 100),
            Fingerprint = FingerprintOf(made),
            Value = kind == PointKind.Finite ? made.Value : null,
            Kind = kind,
            Low = made.Low is { } low && double.IsFinite(low) ? low : null,
            High = made.High is { } high && double.IsFinite(high) ? high : null,
            SampleSeconds = double.IsFinite(made.SampleSeconds) ? made.SampleSeconds : 0,
            EvaluateSeconds = double.IsFinite(made.EvaluateSeconds) ? made.EvaluateSeconds : 0,
            At = at,
        };
        var there = await context.Evaluations.AsNoTracking().FirstOrDefaultAsync(
            e => e.RunId == Subject.Id && e.Step == made.Step && e.SnapshotSha256 == made.SnapshotSha256 && e.Solver == evaluation.Solver && e.Nfe == made.Nfe && e.Head == made.Head
                && e.Metric == evaluation.Metric && e.Fingerprint == evaluation.Fingerprint,
            cancellation);
        if (there is null)
        {
            context.Evaluations.Add(evaluation);
            await context.SaveChangesAsync(cancellation);
            Evaluated = true;
        }
        else if (there.Kind != kind || there.Value != evaluation.Value)
        {
            var first = Point.ValueOf(there.Value, there.Kind).ToString("R", CultureInfo.InvariantCulture);
            var second = made.Value.ToString("R", CultureInfo.InvariantCulture);
            Log.Differs(logger, run.Id, evaluation.Metric, made.Step, made.Nfe, first, second);
            Warn($"A second {evaluation.Metric} of the same snapshot at step {made.Step}, {evaluation.Solver}, NFE {made.Nfe}, head {made.Head} is {second}; the first, {first}, stays.", at);
        }
    }

    private async Task TakeAsync(CheckpointSaved saved, CancellationToken cancellation)
    {
        if (saved.Step < 0 || !CleanText.IsSha256(saved.Sha256))
        {
            Warn($"A checkpoint at step {saved.Step} was dropped: its step or SHA-256 cannot be right.", saved.At.UtcTicks);
            return;
        }

        var there = await context.Checkpoints.AsTracking()
            .FirstOrDefaultAsync(c => c.RunId == run.Id && c.Type == saved.Type && c.Step == saved.Step && c.Sha256 == saved.Sha256, cancellation);
        if (there is null)
        {
            context.Checkpoints.Add(new CheckpointEntity { RunId = run.Id, Type = saved.Type, Step = saved.Step, Sha256 = saved.Sha256, Bytes = saved.Bytes, At = saved.At.UtcTicks });
        }
        else
        {
            there.Removed = false;
        }

        if (saved.Type == CheckpointKind.Checkpoint && saved.Step > attempt.FromStep)
        {
            // A run that gets on is not one that takes its trainers down: only losses in a row count.
            run.LostAttempts = 0;
        }

        await context.SaveChangesAsync(cancellation);
        Reach(saved.Step, saved.At.UtcTicks);
        _saved = true;
    }

    /// <summary>Forgets weights the trainer dropped, but no checkpoint as long as no newer one has its file here: that one is what a rewind would need.</summary>
    private async Task DropRemovedCheckpointsAsync(CancellationToken cancellation)
    {
        var all = await context.Checkpoints.AsNoTracking().Where(c => c.RunId == run.Id).ToListAsync(cancellation);
        var safe = all.Where(c => c is { Type: CheckpointKind.Checkpoint, Removed: false } && artifacts.Contains(c.Sha256)).Select(c => c.Step).DefaultIfEmpty(-1).Max();
        var gone = all.FindAll(c => c.Removed && (c.Type == CheckpointKind.Snapshot || c.Step < safe));
        if (gone.Count > 0)
        {
            var ids = gone.ConvertAll(c => c.Id);
            await context.Checkpoints.Where(c => ids.Contains(c.Id)).ExecuteDeleteAsync(cancellation);
            _released.AddRange(gone.Select(c => c.Sha256));
        }
    }

    private void Reach(int step, long at)
    {
        if (step > attempt.LastStep)
        {
            attempt.LastStep = step;
            attempt.ProgressAt = at;
        }

        run.Step = Math.Max(run.Step, step);
    }

    private void Warn(string text, long at) => _warnings[text] = _warnings.TryGetValue(text, out var seen) ? (seen.Count + 1, seen.At) : (1, at);

    private void TakeLine(long at, LogLevelName level, string text)
    {
        text = CleanText.Block(text, MaximumLineLength);
        _lines.Add(new LogEntity { RunId = run.Id, Attempt = attempt.Number, At = at, Level = level, Text = text, Bytes = Encoding.UTF8.GetByteCount(text) });
    }

    /// <summary>The first half of the room is for how it began, the second for how it goes now.</summary>
    private async Task WriteLinesAsync(CancellationToken cancellation)
    {
        if (_lines.Count == 0)
        {
            return;
        }

        var half = options.MaximumLogBytes / 2;
        foreach (var line in _lines)
        {
            if (attempt.LogTailBytes == 0 && attempt.LogHeadBytes + line.Bytes <= half)
            {
                attempt.LogHeadBytes += line.Bytes;
                context.Logs.Add(line);
                continue;
            }

            if (attempt.LogTailBytes == 0)
            {
                context.Logs.Add(new LogEntity
                {
                    RunId = run.Id, Attempt = attempt.Number, At = line.At, Level = LogLevelName.Warning,
                    Text = $"This attempt writes much: from here on only the last {half / 1024:N0} kB of its log are kept, so lines may be missing below.",
                });
                await context.SaveChangesAsync(cancellation);
            }

            line.Tail = true;
            attempt.LogTailBytes += line.Bytes;
            context.Logs.Add(line);
        }

        await context.SaveChangesAsync(cancellation);

        // A sixteenth of slack, so that not every batch of a full log has to delete.
        if (attempt.LogTailBytes > half + (half / 16))
        {
            var oldest = await Sql.ListAsync(
                context, "SELECT id, bytes FROM logs WHERE run_id = @run AND attempt = @attempt AND tail ORDER BY id", row => (Id: row.GetInt64(0), Bytes: row.GetInt32(1)), cancellation,
                ("@run", run.Id), ("@attempt", attempt.Number));
            var last = 0L;
            foreach (var (id, bytes) in oldest)
            {
                if (attempt.LogTailBytes <= half)
                {
                    break;
                }

                last = id;
                attempt.LogTailBytes -= bytes;
            }

            await Sql.ExecuteAsync(
                context, "DELETE FROM logs WHERE run_id = @run AND attempt = @attempt AND tail AND id <= @last", cancellation, ("@run", run.Id), ("@attempt", attempt.Number), ("@last", last));
        }
    }

    private static string FingerprintOf(EvaluationMade made)
    {
        var text = string.Join('\n', made.ExtractorSha256, made.ReferenceSha256, made.Samples.ToString(CultureInfo.InvariantCulture), made.Quantisation, made.NoiseBank.ToString(CultureInfo.InvariantCulture));
        text += made.Gate == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"\ngate {made.Gate}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Run {Run}: a second {Metric} at step {Step}, NFE {Nfe} differs from the first: {First} is kept, {Second} dropped")]
        public static partial void Differs(ILogger logger, long run, string metric, int step, int nfe, string first, string second);
    }
}
