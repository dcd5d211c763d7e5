using CatchUp.Contracts.Specifications;

namespace CatchUp.Worker.Machine;

/// <summary>Which feature extractors a trainer on this machine will find: those with a card in one of the two folders it looks in.</summary>
internal static class ExtractorFinder
{
    public static IReadOnlyList<string> Find(WorkerOptions options)
    {
        var shipped = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.Trainer)) ?? "", "extractors");
        var own = options.ExtractorDirectory ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "catchup", "extractors");
        return [.. KnownExtractor.All.Select(known => known.Name).Where(name => HasCard(shipped, name) || HasCard(own, name))];
    }

    private static bool HasCard(string folder, string name) => File.Exists(Path.Combine(folder, name, "card.json"));
}
