using System.Globalization;
using System.Runtime.InteropServices;
using CatchUp.Flow.Datasets;
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

    /// <summary>What numbers depend on beside the specification.</summary>
    public static Dictionary<string, string> Describe(Device device, ImageDataset images, TrainerSettings settings)
    {
        var environment = new Dictionary<string, string>
        {
            ["device"] = device.ToString(),
            ["threads"] = get_num_threads().ToString(CultureInfo.InvariantCulture),
            ["tf32"] = device.type == DeviceType.CUDA ? $"matrix products {OnOff(backends.cuda.matmul.allow_tf32)}, convolutions {OnOff(backends.cudnn.allow_tf32)}" : "off",
            ["torch"] = __version__,
            ["torchsharp"] = typeof(torch).Assembly.GetName().Version!.ToString(3),
            ["trainer"] = typeof(Devices).Assembly.GetName().Version!.ToString(3),
            ["dotnet"] = Environment.Version.ToString(),
            ["os"] = RuntimeInformation.OSDescription,
            ["cpu"] = ProcessorName(),
            ["dataset"] = images.Name,
            ["dataset_sha256"] = images.Hash,
        };
        if (settings.Commit is { } commit)
        {
            environment["commit"] = commit;
        }

        return environment;
    }

    private static string OnOff(bool value) => value ? "on" : "off";

    private static string ProcessorName()
    {
        try
        {
            var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
            return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        }
        catch (IOException)
        {
            return RuntimeInformation.ProcessArchitecture.ToString();
        }
    }
}
