using System.Globalization;
using CatchUp.Contracts.Workers;
using Microsoft.Extensions.Options;

namespace CatchUp.Worker.Machine;

/// <summary>What the slots of this machine offer.</summary>
internal sealed class Capabilities(GraphicsCards cards, IOptions<WorkerOptions> options, TimeProvider clock)
{
    /// <summary>Differences below this are of no interest to anybody.</summary>
    private const long Grain = 256 << 20;

    private readonly string processor = string.Create(CultureInfo.InvariantCulture, $"{ProcessorName()}, {Environment.ProcessorCount} threads");
    private readonly Memory[] memories = [.. Enumerable.Range(0, options.Value.Slots).Select(_ => new Memory())];

    /// <summary>Looked up anew each time: data sets come and go.</summary>
    /// <param name="busy">An attempt of ours is in the slot, whose memory is not taken away by other programs.</param>
    public WorkerCapabilities Describe(int slot, bool busy)
    {
        var device = options.Value.DeviceOf(slot);
        var source = TrainerSource.Read(options.Value);
        var (name, bytes) = device == "cpu" ? (processor, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) : Card(slot, device, busy);
        return new WorkerCapabilities
        {
            Device = device,
            DeviceName = name,
            MemoryBytes = bytes,
            Datasets = DatasetFinder.Find(options.Value),
            Extractors = ExtractorFinder.Find(options.Value),
            Labels = options.Value.Labels,
            Threads = options.Value.Threads,
            Commit = source.Commit,
            PatchSha256 = source.PatchSha256,
        };
    }

    private (string Name, long Bytes) Card(int slot, string device, bool busy)
    {
        cards.Refresh();
        var memory = memories[slot];
        lock (memory)
        {
            var (at, all) = cards.Last;
            var card = GraphicsCard.Find(all, device, Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES"));
            memory.FreeSince = busy ? null : memory.FreeSince ?? clock.GetTimestamp();

            // A look taken while our own trainer had the card says nothing about others; the first one of all does.
            if (card is not null && (memory.Bytes is null || (memory.FreeSince is { } since && at > since)))
            {
                memory.Bytes = card.FreeBytes / Grain * Grain;
            }

            return (card?.Name ?? device, memory.Bytes ?? 0);
        }
    }

    private static string ProcessorName()
    {
        try
        {
            var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
            return line is null ? "CPU" : line[(line.IndexOf(':') + 1)..].Trim();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "CPU";
        }
    }

    /// <summary>What one slot's card has free.</summary>
    private sealed class Memory
    {
        public long? Bytes { get; set; }

        public long? FreeSince { get; set; }
    }
}
