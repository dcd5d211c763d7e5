using System.Globalization;
using CatchUp.Flow;
using CatchUp.Flow.Datasets;
using TorchSharp;

namespace CatchUp.Trainer;

/// <summary>What the trainer takes from its surroundings: the folders that ship beside it and the environment's CATCHUP_ variables.</summary>
internal sealed record TrainerSettings(string DatasetFolder, string ExtractorFolder, string? DataFolder, int? Threads, string? Commit)
{
    public static TrainerSettings FromEnvironment() => new(
        Path.Combine(AppContext.BaseDirectory, "datasets"),
        Path.Combine(AppContext.BaseDirectory, "extractors"),
        Variable("CATCHUP_DATA"),
        int.TryParse(Variable("CATCHUP_THREADS"), CultureInfo.InvariantCulture, out var threads) && threads > 0 ? threads : null,
        Variable("CATCHUP_COMMIT"))
    {
        Mirror = Variable("CATCHUP_MIRROR"),
        MayDownload = Variable("CATCHUP_DOWNLOAD") == "1",
    };

    /// <summary>Where data sets are fetched from instead of from their publishers, as MIRROR/DATASET/FILE.</summary>
    public string? Mirror { get; init; }

    /// <summary>Whether a run may fetch a public data set that is not here.</summary>
    public bool MayDownload { get; init; }

    /// <summary>The user's own extractors (what <c>CATCHUP_EXTRACTORS</c> names): their cards, fetched weights and reference statistics.</summary>
    public string OwnExtractorFolder { get; init; } = Variable("CATCHUP_EXTRACTORS")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "catchup", "extractors");

    public DatasetCatalog Datasets => new(DatasetFolder, DataFolder);

    /// <summary>Sets what holds for the whole process.</summary>
    public void Apply()
    {
        ConvolutionKernels.LimitWhereCachesAreHidden();
        NativeHeap.KeepFreedMemory();
        if (Threads is { } threads)
        {
            torch.set_num_threads(threads);
        }
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
