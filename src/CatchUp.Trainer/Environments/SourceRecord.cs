using System.Text.Json;
using CatchUp.Contracts;

namespace CatchUp.Trainer.Environments;

/// <summary>What sources a trainer was built from, as its build wrote it beside the program. Nothing of it is known of a build without git.</summary>
/// <param name="Commit">The commit.</param>
/// <param name="Changed">Whether the sources differed from it; null: not known.</param>
/// <param name="PatchSha256">Hash of the whole patch from the commit to the sources.</param>
/// <param name="PatchBytes">Its length.</param>
internal sealed record SourceRecord(string? Commit = null, bool? Changed = null, string? PatchSha256 = null, long? PatchBytes = null)
{
    private const int LargestPatch = 64 * 1024;

    /// <summary>The patch, or its beginning; null when there is none.</summary>
    public string? Patch { get; private init; }

    public static SourceRecord Read(string folder)
    {
        try
        {
            var record = JsonSerializer.Deserialize<SourceRecord>(File.ReadAllText(Path.Combine(folder, "source.json")), ContractJson.Options) ?? new();
            return record.PatchSha256 is null ? record : record with { Patch = ReadPatch(Path.Combine(folder, "source.patch")) };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            // A trainer that was copied without it trains all the same.
            return new();
        }
    }

    private static string? ReadPatch(string path)
    {
        using var reader = new StreamReader(path);
        var buffer = new char[LargestPatch];
        return reader.ReadBlock(buffer) is > 0 and var length ? new string(buffer, 0, length) : null;
    }
}
