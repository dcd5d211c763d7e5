using CatchUp.Contracts.Specifications;

namespace CatchUp.Worker.Machine;

/// <summary>Which data sets a trainer on this machine will find: the same folders in the same order as it looks. Looks at names only, for it is asked often.</summary>
internal static class DatasetFinder
{
    private const string DebianFolder = "/usr/share/datasets/fashion-mnist";

    /// <summary>More folders of pictures than this are not offered.</summary>
    private const int MostFolders = 200;

    /// <summary>What a trainer can fetch by itself.</summary>
    private static readonly string[] Downloadable = ["fashion-mnist", "mnist", "cifar10"];

    public static IReadOnlyList<string> Find(WorkerOptions options)
    {
        var shipped = options.ShippedDatasets ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.Trainer)) ?? "", "datasets");
        var data = options.DataDirectory;
        var found = KnownDataset.All.Select(known => known.Name).Where(name => IsHere(name, shipped, data) || (options.DownloadDatasets && data is not null && Downloadable.Contains(name)));
        return [.. found, .. PictureFolders(data)];
    }

    private static bool IsHere(string name, string shipped, string? data) => name switch
    {
        "synthetic" => true, // generated, not read
        "fashion-mnist-10k" => HasIdx("t10k", [Path.Combine(shipped, "fashion-mnist-10k")]),
        "fashion-mnist" => HasIdx("train", [.. In(data, "", "fashion-mnist"), DebianFolder]),
        "mnist" => HasIdx("train", In(data, "mnist")),
        "cifar10" => In(data, "cifar10", "cifar10/cifar-10-batches-bin").Any(folder => Enumerable.Range(1, 5).All(batch => File.Exists(Path.Combine(folder, $"data_batch_{batch}.bin")))),
        "imagenet64" => In(data, "imagenet64").Any(Directory.Exists) || In(data, "imagenet64.zip").Any(File.Exists),
        _ => false,
    };

    /// <summary>Every folder and archive in the data folder whose name a specification can say, but for those of the known data sets.</summary>
    private static IEnumerable<string> PictureFolders(string? data)
    {
        try
        {
            return data is null || !Directory.Exists(data) ? [] : [.. Directory.EnumerateDirectories(data).Concat(Directory.EnumerateFiles(data, "*.zip"))
                .Select(path => Path.GetFileName(path) is var name && name.EndsWith(".zip", StringComparison.Ordinal) ? name[..^4] : name)
                .Where(name => KnownDataset.IsFolderName(name) && KnownDataset.Find(name) is null)
                .Distinct()
                .Order(StringComparer.Ordinal)
                .Take(MostFolders)
                .Select(name => KnownDataset.FolderPrefix + name)];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string[] In(string? data, params string[] places) => data is null ? [] : [.. places.Select(place => Path.Combine(data, place))];

    private static bool HasIdx(string split, string[] folders) =>
        folders.Any(folder => Has(folder, $"{split}-images-idx3-ubyte") && Has(folder, $"{split}-labels-idx1-ubyte"));

    private static bool Has(string folder, string name) => File.Exists(Path.Combine(folder, name + ".gz")) || File.Exists(Path.Combine(folder, name));
}
