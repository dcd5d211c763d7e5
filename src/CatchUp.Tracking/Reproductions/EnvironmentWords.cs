namespace CatchUp.Tracking.Reproductions;

/// <summary>What the recorded entries of an environment are called, and which of them explain unlike numbers best.</summary>
public static class EnvironmentWords
{
    public const string Packages = "package/", Variables = "variable/", Patch = "patch_sha256";

    private static readonly (string Key, string Label)[] Known =
    [
        ("dataset", "data set"), ("dataset_sha256", "hash of the data set"), ("commit", "commit"), (Patch, "changes over the commit"), ("source_changed", "sources changed over the commit"), ("patch_bytes", "length of the changes"), ("trainer", "trainer"),
        ("device", "device"), ("threads", "threads"), ("torch", "libtorch"), ("torchsharp", "TorchSharp"), ("tf32", "TF32"), ("cpu_vectors", "vector instructions"), ("cpu", "CPU"), ("cpu_count", "CPU threads of the machine"), ("dotnet", ".NET"), ("os", "operating system"),
    ];

    /// <summary>"threads", "package SkiaSharp", "OMP_NUM_THREADS".</summary>
    public static string Label(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.StartsWith(Packages, StringComparison.Ordinal) ? $"package {key[Packages.Length..]}"
            : key.StartsWith(Variables, StringComparison.Ordinal) ? key[Variables.Length..]
            : Known.FirstOrDefault(known => known.Key == key).Label ?? key;
    }

    /// <summary>The smaller, the likelier it changes numbers.</summary>
    public static int Rank(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var place = Array.FindIndex(Known, known => known.Key == key);
        // Packages and variables count like the libraries that they belong to.
        return place >= 0 ? place : Array.FindIndex(Known, known => known.Key == (key.StartsWith(Packages, StringComparison.Ordinal) || key.StartsWith(Variables, StringComparison.Ordinal) ? "torchsharp" : "os"));
    }

    /// <summary>What stands for an entry; also for one that is not there.</summary>
    public static string Value(string key, string? value)
    {
        ArgumentNullException.ThrowIfNull(key);
        return value is not null ? Shortened(value) : key == Patch ? "none" : key.StartsWith(Variables, StringComparison.Ordinal) ? "not set" : "not recorded";
    }

    /// <summary>Hashes to the digits that people compare.</summary>
    public static string Shortened(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Length is 40 or 64 && value.All(char.IsAsciiHexDigit) ? value[..10] : value.Length <= 60 ? value : value[..59] + "…";
    }

    /// <summary>Whether it is known that something differs: what one of the two did not record may be the same.</summary>
    internal static bool IsKnown(EnvironmentDifference entry) =>
        entry is { Original: not null, Reproduction: not null } || entry.Key == Patch || entry.Key.StartsWith(Variables, StringComparison.Ordinal);

    internal static IReadOnlyList<EnvironmentDifference> Differences(IReadOnlyDictionary<string, string> original, IReadOnlyDictionary<string, string> reproduction) =>
    [
        .. original.Keys.Union(reproduction.Keys)
            .Select(key => new EnvironmentDifference(key, original.GetValueOrDefault(key), reproduction.GetValueOrDefault(key)))
            .Where(pair => pair.Original != pair.Reproduction)
            .OrderBy(pair => Rank(pair.Key)).ThenBy(pair => pair.Key, StringComparer.Ordinal),
    ];
}
