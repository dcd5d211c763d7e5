using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using CatchUp.Contracts.Journal;
using CatchUp.Flow;
using CatchUp.Flow.Datasets;
using TorchSharp;
using static TorchSharp.torch;

namespace CatchUp.Trainer.Environments;

/// <summary>What numbers depend on beside the specification. Two runs that agree in all of it should give the same bits.</summary>
internal static class RunEnvironment
{
    /// <summary>Variables that choose kernels, their precision or the order of sums; recorded where they are set.</summary>
    private static readonly string[] Variables =
    [
        "ATEN_CPU_CAPABILITY", "CUBLAS_WORKSPACE_CONFIG", "DNNL_DEFAULT_FPMATH_MODE", "DNNL_MAX_CPU_ISA", "KMP_DETERMINISTIC_REDUCTION", "MKL_CBWR", "MKL_DYNAMIC", "MKL_ENABLE_INSTRUCTIONS", "MKL_NUM_THREADS",
        "NVIDIA_TF32_OVERRIDE", "OMP_DYNAMIC", "OMP_NUM_THREADS", "OMP_SCHEDULE", "ONEDNN_DEFAULT_FPMATH_MODE", "ONEDNN_MAX_CPU_ISA", "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE", "TORCH_BLAS_PREFER_CUBLASLT",
    ];

    /// <summary>The first entry of an attempt that begins on this device with these images.</summary>
    public static AttemptStarted Start(Device device, ImageDataset images, TrainerSettings settings, int step, long parameters)
    {
        var source = SourceRecord.Read(AppContext.BaseDirectory);
        return new AttemptStarted { FromStep = step, Parameters = parameters, Environment = Describe(device, images, settings, source), SourcePatch = source.Patch };
    }

    private static Dictionary<string, string> Describe(Device device, ImageDataset images, TrainerSettings settings, SourceRecord source)
    {
        var environment = new Dictionary<string, string>
        {
            ["device"] = device.ToString(),
            ["threads"] = get_num_threads().ToString(CultureInfo.InvariantCulture),
            ["tf32"] = device.type == DeviceType.CUDA ? $"matrix products {OnOff(backends.cuda.matmul.allow_tf32)}, convolutions {OnOff(backends.cudnn.allow_tf32)}" : "off",
            ["torch"] = __version__,
            ["torchsharp"] = typeof(torch).Assembly.GetName().Version!.ToString(3),
            ["trainer"] = typeof(RunEnvironment).Assembly.GetName().Version!.ToString(3),
            ["dotnet"] = Environment.Version.ToString(),
            ["os"] = RuntimeInformation.OSDescription,
            ["cpu"] = ProcessorName(),
            ["cpu_count"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            ["cpu_vectors"] = Vectors(),
            ["dataset"] = images.Name,
            ["dataset_sha256"] = images.Hash,
        };
        Add("commit", settings.Commit ?? source.Commit ?? BuiltFrom());
        Add("source_changed", source.Changed switch { true => "yes", false => "no", null => null });
        Add("patch_sha256", source.PatchSha256);
        Add("patch_bytes", source.PatchBytes?.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, version) in RuntimePackages.Read(Path.Combine(AppContext.BaseDirectory, $"{typeof(RunEnvironment).Assembly.GetName().Name}.deps.json")))
        {
            Add($"package/{name}", version);
        }

        foreach (var name in Variables)
        {
            Add($"variable/{name}", Environment.GetEnvironmentVariable(name));
        }

        return environment;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                environment[name] = value;
            }
        }
    }

    /// <summary>The commit that .NET's own build puts behind the version: 0.1.0+hash.</summary>
    private static string? BuiltFrom() =>
        typeof(RunEnvironment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+', 2) is [_, var commit] ? commit : null;

    private static string OnOff(bool value) => value ? "on" : "off";

    /// <summary>Kernels are chosen by what the processor can, and another kernel sums in another order.</summary>
    private static string Vectors()
    {
        string[] known = [.. new[] { (Avx2.IsSupported, "avx2"), (Fma.IsSupported, "fma"), (Avx512F.IsSupported, "avx512f"), (Avx512BW.IsSupported, "avx512bw"), (Avx512Vbmi.IsSupported, "avx512vbmi") }.Where(feature => feature.Item1).Select(feature => feature.Item2)];
        return $"{(known.Length == 0 ? "none" : string.Join(' ', known))}{(ConvolutionKernels.AreLimited ? ", convolutions by sse4.1" : "")}";
    }

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
