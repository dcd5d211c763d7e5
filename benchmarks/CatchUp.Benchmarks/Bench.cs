using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Presets;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Benchmarks;

/// <summary>What scenarios work with: run files in a temporary folder, and rivals that all have the same threads.</summary>
internal sealed class Bench(BenchmarkOptions options) : IDisposable
{
    /// <summary>As many images of Fashion-MNIST as the preset's training set here has.</summary>
    private const string Dataset = "fashion-mnist-10k";

    private readonly string folder = Directory.CreateTempSubdirectory("catchup-benchmark-").FullName;
    private int files;

    public BenchmarkOptions Options => options;

    public static string Repository => Path.GetFullPath(Metadata("RepositoryPath"));

    /// <summary>The networks to measure: presets on 28×28 images, in batches that a small machine bears, with an independent coupling and the literal RK12.</summary>
    public IEnumerable<(string Name, RunSpecification Specification)> Networks()
    {
        foreach (var name in options.Presets)
        {
            var preset = PresetCatalog.Find(name) ?? throw new BenchmarkException($"There is no preset '{name}'. Known are {string.Join(", ", PresetCatalog.All.Select(known => known.Name))}; choose with --presets.");
            var specification = preset.Specification.DeepClone().AsObject().Deserialize<RunSpecification>(ContractJson.Options)!;
            yield return (name, specification with
            {
                Data = specification.Data with { Dataset = Dataset },
                Coupling = new CouplingSpecification(),
                Objective = specification.Objective with { Kind = ObjectiveKind.CatchUp, Order = CatchUpOrder.Rk12, ReuseFirstSlope = false },
                Training = specification.Training with { BatchSize = Math.Min(specification.Training.BatchSize, 16), LogEvery = 1 },
                Evaluation = specification.Evaluation with { Extractor = "fashion-mnist-cnn-2" },
            });
        }
    }

    /// <summary>A new file or folder of this bench.</summary>
    public string NewPath(string suffix = "") => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{++files}{suffix}"));

    public string Write(RunSpecification specification)
    {
        var path = NewPath(".json");
        File.WriteAllText(path, JsonSerializer.Serialize(specification, ContractJson.Indented));
        return path;
    }

    /// <summary>Our side of some work.</summary>
    /// <param name="environment">Variables beside those that all have.</param>
    public Rival Ours(string work, string path, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        new("CatchUp.Trainer", "dotnet", [Metadata("TrainerPath"), "benchmark", path, "--serve", work, .. arguments], Environment(environment));

    /// <summary>PyTorch's side of it.</summary>
    public Rival PyTorch(string work, string path, IEnumerable<string> arguments) =>
        new("PyTorch", options.Python, [Path.Combine(Repository, "benchmarks", "pytorch", "rival.py"), work, path, .. arguments], Environment());

    /// <summary>Trains a run to its end and returns when it was started and its journal.</summary>
    public (DateTimeOffset Started, IReadOnlyList<JournalEntry> Journal) Train(RunSpecification specification)
    {
        var (run, directory) = (Write(specification), NewPath());
        var start = new ProcessStartInfo("dotnet", [Metadata("TrainerPath"), "train", run, "--out", directory]) { RedirectStandardOutput = true };
        foreach (var (variable, value) in Environment())
        {
            start.Environment[variable] = value;
        }

        var started = DateTimeOffset.UtcNow;
        using var process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new BenchmarkException($"The trainer ended with {process.ExitCode}.");
        }

        var journal = File.ReadLines(Path.Combine(directory, "journal.ndjson")).Select(line => JsonSerializer.Deserialize<JournalEntry>(line, ContractJson.Options)!).ToList();
        Directory.Delete(directory, recursive: true);
        return (started, journal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Dictionary<string, string> Environment(IReadOnlyDictionary<string, string>? more = null)
    {
        var threads = options.Threads.ToString(CultureInfo.InvariantCulture);
        var all = new Dictionary<string, string>
        {
            ["CATCHUP_THREADS"] = threads,
            ["OMP_NUM_THREADS"] = threads,
            ["OPENBLAS_NUM_THREADS"] = threads,
        };
        foreach (var (variable, value) in more ?? new Dictionary<string, string>())
        {
            all[variable] = value;
        }

        return all;
    }

    private static string Metadata(string key) =>
        typeof(Bench).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
