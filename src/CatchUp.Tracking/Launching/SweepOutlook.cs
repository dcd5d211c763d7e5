using CatchUp.Contracts.Sweeps;
using CatchUp.Tracking.Queue;

namespace CatchUp.Tracking.Launching;

/// <summary>What launching a sweep file now would mean. Nothing of it keeps anyone from launching.</summary>
public sealed record SweepOutlook
{
    /// <summary>When its runs would have ended; null: there are more runs than are played forward.</summary>
    public SweepForecast? Forecast { get; init; }

    /// <summary>A run in the mean; null when nothing it could be told from was ever measured.</summary>
    public TimeSpan? RunLength { get; init; }

    /// <summary>What <see cref="RunLength"/> rests on.</summary>
    public PredictionBasis Basis { get; init; } = PredictionBasis.None;

    /// <summary>Time of devices in all, were every run to finish.</summary>
    public TimeSpan? DeviceTime { get; init; }

    /// <summary>A part of it, when rungs stop as many trials as they can; null: nothing stops early.</summary>
    public TimeSpan? LeastDeviceTime { get; init; }

    /// <summary>Share of the training steps that rungs save at most, from 0 to 1; null: nothing stops early.</summary>
    public double? MostSaved { get; init; }

    /// <summary>Whether the time is that of graphics cards; else of CPUs. Null: no worker is known that could take its runs.</summary>
    public bool? OnGraphicsCards { get; init; }

    /// <summary>Checkpoints and snapshots that its runs keep.</summary>
    public long? DiskBytes { get; init; }

    /// <summary>Of <see cref="DiskBytes"/>: files of runs like these were measured; else it is an estimate from the network's size.</summary>
    public bool DiskIsMeasured { get; init; }

    /// <summary>What is probably not meant, each with its key and what to do.</summary>
    public IReadOnlyList<SweepProblem> Warnings { get; init; } = [];

    /// <summary>Sweeps that try the same, the newest first.</summary>
    public IReadOnlyList<SweepTwin> Twins { get; init; } = [];
}
