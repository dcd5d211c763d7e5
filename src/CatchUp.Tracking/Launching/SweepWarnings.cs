using System.Globalization;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Sweeps;
using CatchUp.Contracts.Workers;
using CatchUp.Search.Ledger;
using CatchUp.Search.Spaces;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Launching;

/// <summary>Finds what a sweep file says and probably does not mean. Each finding names its key and the way out; none forbids anything.</summary>
internal sealed class SweepWarnings
{
    private const int ManyRuns = 1000;

    /// <summary>Of this many generated images and fewer, even a FID of few features is mostly noise.</summary>
    private const int FewSamples = 200;

    private const double TwoDecades = 100;

    private readonly SweepFile _file;
    private readonly SweepPlan _plan;
    private readonly SweepDocument _document;
    private readonly List<SweepProblem> _found = [];

    private SweepWarnings(SweepFile file, SweepPlan plan, SweepDocument document)
    {
        _file = file;
        _plan = plan;
        _document = document;
    }

    private IEnumerable<RunSpecification> Runs => _plan.FirstTrials.Select(trial => trial.Specification);

    /// <param name="slots">Of all workers that are known, online or not.</param>
    /// <param name="runLength">Null: not known.</param>
    public static IReadOnlyList<SweepProblem> Find(SweepFile file, SweepPlan plan, SweepDocument document, IReadOnlyList<WorkerCapabilities> slots, TimeSpan? runLength, DateTimeOffset now)
    {
        var warnings = new SweepWarnings(file, plan, document);
        warnings.CheckEvaluation();
        warnings.CheckCoupling();
        warnings.CheckSpace();
        warnings.CheckSize();
        warnings.CheckWorkers(slots);
        warnings.CheckWindow(runLength, now);
        return [.. warnings._found.OrderBy(warning => warning.Line).ThenBy(warning => warning.Column)];
    }

    private void CheckEvaluation()
    {
        if (Runs.FirstOrDefault(run => run.Kind == RunKind.Train && (run.Evaluation.Samples == 0 || run.Evaluation.Metrics.Count == 0)) is { } blind && _plan.Runs > 1)
        {
            Warn(blind.Evaluation.Samples == 0 ? "evaluation.samples" : "evaluation.metrics", "Nothing is evaluated at any step, so the runs can only be compared by their losses. Give evaluation.samples images and evaluation.metrics a metric.");
        }

        if (Runs.FirstOrDefault(run => run.Kind == RunKind.Train && run.Evaluation.Samples > 0 && run.Evaluation.Every > run.Training.Iterations) is { } late)
        {
            Warn("evaluation.every", $"No evaluation comes before the end: every {Count(late.Evaluation.Every)} updates, and a run has {Count(late.Training.Iterations)}. Say fewer, or 0 if the end is meant.");
        }

        foreach (var run in Runs.Where(run => run.Evaluation.Samples > 0 && run.Evaluation.Metrics.Any(metric => metric is EvaluationMetric.Fid or EvaluationMetric.FidInfinity)))
        {
            var features = KnownExtractor.Find(run.Evaluation.Extractor)?.Features ?? 2048;
            if (run.Evaluation.Samples <= Math.Max(features, FewSamples))
            {
                Warn("evaluation.samples", $"FID from {Count(run.Evaluation.Samples)} images is far too high and mostly noise{(run.Evaluation.Samples <= features ? $": the extractor has {Count(features)} features, and fewer images leave its covariance singular" : "")}. Take {Count(Math.Max(features * 5, 1000))} or more.");
            }
        }
    }

    private void CheckCoupling()
    {
        var learns = Runs.Any(run => run.Coupling.Kind == CouplingKind.Learned);
        foreach (var key in new[] { "encoderChannels", "encoderBlocks", "klWeight" })
        {
            var (based, swept) = ($"base.coupling.{key}", $"space.coupling.{key}");
            var said = _document.Has(based) ? based : _document.Has(swept) ? swept : null;
            if (!learns && said is not null)
            {
                WarnAt(said, $"{key} is the noise encoder's, and without the learned coupling there is none: it changes nothing. Set coupling.kind: learned, or remove it.");
            }
        }

        if (Runs.FirstOrDefault(run => run.Coupling is { Kind: CouplingKind.Learned, KlWeight: 0 }) is not null)
        {
            Warn("coupling.klWeight", "A learned coupling whose noise nothing holds to N(0, I) has no encoder to speak of: sampling starts from N(0, I), which it never saw. Give coupling.klWeight a weight; the paper's is 20.");
        }

        if (Runs.FirstOrDefault(run => run.Coupling.Kind == CouplingKind.Learned && run.Coupling.EncoderChannels * 8 < run.Network.Channels) is { } small)
        {
            Warn("coupling.encoderChannels", $"The learned coupling's encoder has {small.Coupling.EncoderChannels} channels beside a network of {small.Network.Channels}. Take a quarter of them, or so.");
        }
    }

    private void CheckSpace()
    {
        foreach (var number in _file.Space.Parameters.OfType<NumberParameter>().Where(number => number.Scale == NumberScale.Uniform && !number.Whole))
        {
            if (number.Low > 0 && number.High / number.Low > TwoDecades)
            {
                WarnAt($"space.{number.Path}", string.Create(CultureInfo.InvariantCulture, $"Drawn evenly over {Math.Log10(number.High / number.Low):0.#} decades, nine values in ten fall into the highest. Write logUniform: [{number.Low:0.######e0}, {number.High:0.######e0}]."));
            }
        }
    }

    private void CheckSize()
    {
        if (_plan.Runs > ManyRuns && _file.Search is null or { Rules.Method: SearchMethod.Grid })
        {
            WarnAt(_document.Has("space") ? "space" : "replicates", $"A grid of {Count(_plan.Runs)} runs. Try fewer values, or a search of some trials over the same space: search: {{ method: tpe, trials: 64 }}.");
        }
    }

    private void CheckWorkers(IReadOnlyList<WorkerCapabilities> slots)
    {
        if (slots.Count == 0)
        {
            WarnAt("base", "No worker has been seen yet: the runs wait until one is started.");
            return;
        }

        foreach (var dataset in Runs.Select(run => run.Data.Dataset).Distinct().Where(dataset => !slots.Any(slot => slot.Datasets.Contains(dataset))))
        {
            Warn("data.dataset", $"No worker that is known has the data set {dataset}: the runs wait until one does. Known are {Words(slots.SelectMany(slot => slot.Datasets))}.");
        }

        if (_file.Requires.Unmet([.. slots]) is { } unmet)
        {
            WarnAt("schedule.requires", $"The sweep {unmet}, so its runs wait.");
            return;
        }

        var able = slots.Where(_file.Requires.Fits).ToList();
        var most = able.Count == 0 ? 0 : able.Max(slot => slot.MemoryBytes);
        if (most == 0 || able.Any(slot => slot.MemoryBytes == 0))
        {
            return;
        }

        if (Runs.Where(run => run.Kind == RunKind.Train).Select(run => (Run: run, NetworkSize.Of(run)?.MemoryBytes)).MaxBy(pair => pair.MemoryBytes) is ({ } largest, { } bytes) && bytes > most)
        {
            Warn("training.batchSize", $"A batch of {Count(largest.Training.BatchSize)} takes about {Size(bytes)} while training, by a rough estimate, and the largest worker has {Size(most)}. Try {Count(Math.Max(1, PowerBelow(largest.Training.BatchSize * most / bytes)))}{(largest.Training.Precision == TrainingPrecision.Fp32 ? ", or training.precision: bf16 on a graphics card" : "")}.");
        }
    }

    private void CheckWindow(TimeSpan? runLength, DateTimeOffset now)
    {
        if (_file.Window is not { } window || runLength is not { } length || window.At(now) is not { } opening)
        {
            return;
        }

        var open = opening.Opens > now ? opening.Closes - opening.Opens : window.At(opening.Closes) is { } next ? next.Closes - next.Opens : opening.Closes - opening.Opens;
        if (length > open)
        {
            WarnAt("schedule.window", $"A run takes about {Length(length)} and the window is open for {Length(open)}, so none ends in one go: each is stopped {Count((long)Math.Ceiling(length / open) - 1)} times at least and goes on from its last checkpoint. Widen the window, or shorten the runs.");
        }
    }

    /// <summary>At the key where the file decides it: in the space, in evaluation, in the base.</summary>
    private void Warn(string key, string message)
    {
        var swept = _file.Space.Keys.FirstOrDefault(path => path == key || key.StartsWith(path + ".", StringComparison.Ordinal));
        WarnAt(swept is not null ? $"space.{swept}" : key.StartsWith("evaluation.", StringComparison.Ordinal) && !_document.Has($"base.{key}") ? key : $"base.{key}", message);
    }

    private void WarnAt(string path, string message)
    {
        if (!_found.Exists(warning => warning.Path == path))
        {
            _found.Add(_document.At(path, message));
        }
    }

    private static string Words(IEnumerable<string> names) => names.Distinct().Order(StringComparer.Ordinal).ToList() is { Count: > 0 } some ? string.Join(", ", some) : "none";

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static long PowerBelow(double number) => number < 1 ? 1 : 1L << (int)Math.Floor(Math.Log2(number));

    private static string Size(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1L << 30):0.#} GiB");

    private static string Length(TimeSpan length) => length.TotalHours >= 48 ? $"{length.TotalDays.ToString("0.#", CultureInfo.InvariantCulture)} days" : length.TotalHours >= 1 ? $"{(int)length.TotalHours} h {length.Minutes} min" : $"{Math.Max(1, (int)length.TotalMinutes)} min";
}
