using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Runs;

/// <summary>A run, whole, but for its data.</summary>
public sealed record RunDetails
{
    public required RunSummary Summary { get; init; }

    public required RunSpecification Specification { get; init; }

    /// <summary>Environment of the last attempt that started.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Parameters of the network.</summary>
    public long? ParameterCount { get; init; }

    /// <summary>The runs that repeat it, newest first, at most fifty.</summary>
    public IReadOnlyList<long> Reproductions { get; init; } = [];

    public IReadOnlyList<AttemptSummary> Attempts { get; init; } = [];

    /// <summary>Bytes of its checkpoints and snapshots that are kept.</summary>
    public long CheckpointBytes { get; init; }

    /// <summary>What slots were occupied with for it, over all attempts, in seconds.</summary>
    public SlotTime Seconds => Attempts.Select(attempt => attempt.Seconds).Aggregate(SlotTime.Nothing, SlotTime.Add);

    /// <summary>Images that an update took per second of training, over all attempts; null before the first were told of.</summary>
    public double? ImagesPerSecond
    {
        get
        {
            var trained = Attempts.Where(attempt => attempt.Seconds.Training > 0).ToList();
            var steps = trained.Sum(attempt => (long)Math.Max(0, attempt.LastStep - attempt.FromStep));
            return Specification.Kind == RunKind.Train && steps > 0 ? steps * (double)Specification.Training.BatchSize / trained.Sum(attempt => attempt.Seconds.Training) : null;
        }
    }

    /// <summary>Workers it is not given to any more.</summary>
    public IReadOnlyList<RunExclusion> Exclusions { get; init; } = [];
}
