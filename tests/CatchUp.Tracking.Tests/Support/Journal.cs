using CatchUp.Contracts.Journal;
using CatchUp.Tracking.Ingest;

namespace CatchUp.Tracking.Tests.Support;

/// <summary>Writes and numbers entries as a trainer does, and ships them.</summary>
internal sealed class Journal(TestWorld world, long run, int attempt)
{
    private readonly List<JournalEntry> _entries = [];
    private int _shipped;

    public long Run => run;

    public int Attempt => attempt;

    public IReadOnlyList<JournalEntry> Entries => _entries;

    public Journal Add(JournalEntry entry)
    {
        _entries.Add(entry with { Number = _entries.Count + 1, At = world.Time.GetUtcNow().AddSeconds(_entries.Count) });
        return this;
    }

    public Journal Started(int from = 0) => Add(new AttemptStarted { FromStep = from, Parameters = 1234, Environment = new Dictionary<string, string> { ["device"] = "cpu" } });

    public Journal Points(int step, params (string Name, double Value)[] values)
        => Add(new PointsLogged { Step = step, Values = values.ToDictionary(value => value.Name, value => value.Value) });

    public Journal Losses(int from, int to, Func<int, double>? value = null)
    {
        for (var step = from; step <= to; step++)
        {
            Points(step, ("loss", value?.Invoke(step) ?? (1.0 / step)));
        }

        return this;
    }

    public Journal Checkpoint(int step, string sha256, long bytes = 1, CheckpointKind type = CheckpointKind.Checkpoint)
        => Add(new CheckpointSaved { Type = type, Step = step, File = $"checkpoints/{step}", Sha256 = sha256, Bytes = bytes });

    public Journal Samples(int step, string sha256, int nfe = 8, long bytes = 1)
        => Add(new SamplesSaved { Step = step, Solver = "euler", Nfe = nfe, NoiseBank = 1, Rows = 6, Columns = 6, CellWidth = 28, CellHeight = 28, File = $"samples/{step}.png", Sha256 = sha256, Bytes = bytes });

    public Journal Evaluation(int step, double value, int nfe = 4, int samples = 500, char snapshot = 'a', int bank = 1, int gate = 0) => Add(new EvaluationMade
    {
        Step = step,
        SnapshotSha256 = new string(snapshot, 64),
        Solver = "euler",
        Nfe = nfe,
        Metric = "fid",
        Value = value,
        Samples = gate == 0 ? samples : gate,
        Gate = gate,
        Extractor = "fashion-mnist-cnn-2",
        ExtractorSha256 = new string('e', 64),
        Reference = "fashion-mnist train",
        ReferenceSha256 = new string('f', 64),
        Quantisation = "8 bit",
        NoiseBank = bank,
    });

    public Journal Line(string text, LogLevelName level = LogLevelName.Information) => Add(new LogWritten { Level = level, Text = text });

    public Journal Ended(AttemptOutcome outcome, int step = 0, string? cause = null, int? exitCode = null)
        => Add(new AttemptEnded { Outcome = outcome, Step = step, Cause = cause, ExitCode = exitCode });

    /// <summary>Ships what was added since the last time.</summary>
    public async Task<JournalIngest.Answer> ShipAsync()
    {
        var answer = await world.ShipAsync(run, attempt, _entries[_shipped..]);
        _shipped = (int)answer.Position;
        return answer;
    }
}
