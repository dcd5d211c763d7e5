using System.Globalization;
using CatchUp.Contracts.Workers;
using Microsoft.Extensions.Options;

namespace CatchUp.Worker.Machine;

/// <summary>What a slot of this machine offers.</summary>
internal sealed class Capabilities(IOptions<WorkerOptions> options)
{
    private readonly string deviceName = string.Create(CultureInfo.InvariantCulture, $"{ProcessorName()}, {Environment.ProcessorCount} threads");

    /// <summary>Looked up anew each time: data sets come and go.</summary>
    public WorkerCapabilities Describe() => new()
    {
        Device = options.Value.Device,
        DeviceName = deviceName,
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        Datasets = DatasetFinder.Find(options.Value),
        Labels = options.Value.Labels,
    };

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
}
