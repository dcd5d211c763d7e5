using System.Globalization;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;

namespace CatchUp.Worker.Attempts;

/// <summary>The run directory of one attempt: run.json, journal.ndjson, samples/, checkpoints/, lock. Its name is <c>{run}-{attempt}</c>.</summary>
internal sealed record AttemptDirectory(string Path, long Run, int Attempt)
{
    public string RunFile => System.IO.Path.Combine(Path, "run.json");

    public string Journal => System.IO.Path.Combine(Path, "journal.ndjson");

    private string Lock => System.IO.Path.Combine(Path, "lock");

    public static AttemptDirectory Of(string root, long run, int attempt) =>
        new(System.IO.Path.Combine(System.IO.Path.GetFullPath(root), string.Create(CultureInfo.InvariantCulture, $"{run}-{attempt}")), run, attempt);

    /// <summary>Makes the directory with its run.json. Whatever was there under the same name is gone.</summary>
    public static AttemptDirectory Create(string root, RunFile run)
    {
        var directory = Of(root, run.Run, run.Attempt);
        directory.Delete();
        Directory.CreateDirectory(directory.Path);
        using var file = new FileStream(directory.RunFile, FileMode.CreateNew, FileAccess.Write);
        JsonSerializer.Serialize(file, run, ContractJson.Indented);
        return directory;
    }

    /// <summary>The directories of earlier attempts, oldest run first.</summary>
    public static IReadOnlyList<AttemptDirectory> Find(string root) =>
        !Directory.Exists(root)
            ? []
            : [.. Directory.EnumerateDirectories(root)
                .Select(path => System.IO.Path.GetFileName(path).Split('-'))
                .Where(parts => parts.Length == 2 && IsNumber(parts[0]) && IsNumber(parts[1]))
                .Select(parts => Of(root, long.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture)))
                .OrderBy(directory => directory.Run)
                .ThenBy(directory => directory.Attempt)];

    /// <summary>A file that the journal names. A name that leads out of the directory is refused.</summary>
    public string Resolve(string file)
    {
        var full = System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, file));
        return full.StartsWith(Path + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? full
            : throw new InvalidDataException($"The journal names the file '{file}', which is outside its run directory.");
    }

    /// <summary>A trainer works here: it holds the operating system's lock on the file while it lives.</summary>
    public bool IsLocked()
    {
        try
        {
            using var held = new FileStream(Lock, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Delete()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    private static bool IsNumber(string text) => text.Length is > 0 and < 10 && text.All(char.IsAsciiDigit);
}
