namespace CatchUp.Worker.Machine;

/// <summary>Which data sets a trainer on this machine will find: the same folders in the same order as it looks.</summary>
internal static class DatasetFinder
{
    private const string DebianFolder = "/usr/share/datasets/fashion-mnist";

    public static IReadOnlyList<string> Find(WorkerOptions options)
    {
        var shipped = options.ShippedDatasets ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.Trainer)) ?? "", "datasets");
        var data = options.DataDirectory;
        var found = new List<string>();
        if (HasFashion("t10k", [Path.Combine(shipped, "fashion-mnist-10k")]))
        {
            found.Add("fashion-mnist-10k");
        }

        if (HasFashion("train", data is null ? [DebianFolder] : [data, Path.Combine(data, "fashion-mnist"), DebianFolder]))
        {
            found.Add("fashion-mnist");
        }

        // Generated, not read.
        found.Add("synthetic");
        return found;
    }

    private static bool HasFashion(string split, string[] folders) =>
        folders.Any(folder => Has(folder, $"{split}-images-idx3-ubyte") && Has(folder, $"{split}-labels-idx1-ubyte"));

    private static bool Has(string folder, string name) => File.Exists(Path.Combine(folder, name + ".gz")) || File.Exists(Path.Combine(folder, name));
}
