using CatchUp.Contracts.Workers;

namespace CatchUp.Tracking.Queue;

/// <summary>A slot of a worker that is online and takes runs.</summary>
/// <param name="Run">What runs in it; null when it is free.</param>
/// <param name="Worker">Its worker's name, if any run is excluded from that worker; null: it takes what all like it take.</param>
internal sealed record ForecastSlot(WorkerCapabilities Capabilities, long? Run, string? Worker = null)
{
    public string Device { get; } = SlotDevice.Of(Capabilities);

    /// <summary>Slots of one text take the same runs and are equally fast.</summary>
    public string Kind { get; } = string.Join(
        '\n', [SlotDevice.Of(Capabilities), $"{Capabilities.MemoryBytes}", .. Capabilities.Labels.Order(StringComparer.Ordinal), "", .. Capabilities.Datasets.Order(StringComparer.Ordinal), "", .. Capabilities.Extractors.Order(StringComparer.Ordinal), "", Worker ?? ""]);

    public bool Takes(ForecastSweep sweep, string dataset, string? extractor, string excluded) =>
        (Worker is null || !excluded.Split('\n').Contains(Worker))
        && Capabilities.Datasets.Contains(dataset) && (extractor is null || Capabilities.Extractors.Count == 0 || Capabilities.Extractors.Contains(extractor)) && sweep.Requires.Fits(Capabilities);
}
