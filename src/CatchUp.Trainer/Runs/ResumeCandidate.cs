using CatchUp.Contracts.Journal;
using CatchUp.Trainer.Input;

namespace CatchUp.Trainer.Runs;

/// <param name="File">A checkpoint's safetensors file.</param>
/// <param name="Sha256">The hash it must have; null takes it from the sidecar.</param>
internal sealed record ResumeCandidate(string File, string? Sha256)
{
    private const string Pattern = "checkpoint-*.safetensors";

    /// <summary>The checkpoint that run.json names, and no other: the server has put its records back to that step.</summary>
    public static IReadOnlyList<ResumeCandidate> From(ResumePoint? resume) => resume is null ? [] : [new(resume.File, resume.Sha256)];

    /// <summary>A checkpoint named by hand, or the latest of a folder, then those before it.</summary>
    /// <exception cref="BadInputException">There is no such file.</exception>
    public static IReadOnlyList<ResumeCandidate> From(string named, RunDirectory directory)
    {
        if (named == "latest")
        {
            var latest = Directory.EnumerateFiles(directory.CheckpointFolder, Pattern).OrderDescending(StringComparer.Ordinal).Select(path => new ResumeCandidate(path, null)).ToList();
            return latest.Count > 0 ? latest : throw new BadInputException($"There is no checkpoint in {directory.CheckpointFolder} to resume from.");
        }

        return System.IO.File.Exists(named)
            ? [new(Path.GetFullPath(named), null), .. Before(Path.GetFullPath(named))]
            : throw new BadInputException($"The checkpoint {named} is not there. Give a .safetensors file, or 'latest' for the newest in --out.");
    }

    private static IEnumerable<ResumeCandidate> Before(string path) => Path.GetDirectoryName(path) is { } folder && Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, Pattern)
            .Where(other => string.CompareOrdinal(Path.GetFileName(other), Path.GetFileName(path)) < 0)
            .OrderDescending(StringComparer.Ordinal)
            .Select(other => new ResumeCandidate(other, null))
        : [];
}
