using CatchUp.Contracts.Workers;

namespace CatchUp.Tracking.Queue;

/// <summary>A slot of a worker that is online and takes runs.</summary>
/// <param name="Run">What runs in it; null when it is free.</param>
internal sealed record ForecastSlot(WorkerCapabilities Capabilities, long? Run)
{
    public string Device { get; } = SlotDevice.Of(Capabilities);

    /// <summary>Slots of one text take the same runs and are equally fast.</summary>
    public string Kind { get; } = string.Join(
        '\n', [SlotDevice.Of(Capabilities), $"{Capabilities.MemoryBytes}", .. Capabilities.Labels.Order(StringComparer.Ordinal), "", .. Capabilities.Datasets.Order(StringComparer.Ordinal), "", .. Capabilities.Extractors.Order(StringComparer.Ordinal)]);

    public bool Takes(ForecastSweep sweep, string dataset, string? extractor) =>
        Capabilities.Datasets.Contains(dataset) && (extractor is null || Capabilities.Extractors.Count == 0 || Capabilities.Extractors.Contains(extractor)) && sweep.Requires.Fits(Capabilities);
}
