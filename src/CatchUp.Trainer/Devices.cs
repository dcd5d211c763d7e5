using System.Globalization;
using CatchUp.Trainer.Input;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Trainer;

/// <summary>The processors that this trainer can compute on.</summary>
internal static class Devices
{
    /// <param name="name">cpu, cuda or cuda:i.</param>
    /// <exception cref="BadInputException">There is no such device here.</exception>
    public static Device Choose(string name)
    {
        if (name == "cpu")
        {
            return CPU;
        }

        var index = name == "cuda" ? 0 : name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        if (index < 0)
        {
            throw new BadInputException($"device is '{name}'; it must be cpu, cuda or cuda:i.");
        }

        var count = cuda.is_available() ? cuda.device_count() : 0;
        return index < count
            ? new Device(DeviceType.CUDA, index)
            : throw new BadInputException($"device is '{name}'; this trainer sees {count} CUDA devices. The trainer is built for CUDA with -p:TorchBackend=cuda.");
    }

    /// <summary>All devices by name.</summary>
    public static IReadOnlyList<string> Names() => ["cpu", .. Enumerable.Range(0, cuda.is_available() ? cuda.device_count() : 0).Select(index => $"cuda:{index}")];
}
