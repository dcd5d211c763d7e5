using System.Text.Json;
using CatchUp.Contracts;

namespace CatchUp.Worker.Machine;

/// <summary>What the trainer here was built from, as its build wrote it beside the program.</summary>
internal sealed record TrainerSource(string? Commit = null, string? PatchSha256 = null)
{
    public static TrainerSource Read(WorkerOptions options)
    {
        // What a trainer itself takes before its build's word.
        var told = Environment.GetEnvironmentVariable("CATCHUP_COMMIT") is { Length: > 0 } commit ? commit : null;
        try
        {
            var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.Trainer)) ?? "", "source.json");
            var source = File.Exists(path) ? JsonSerializer.Deserialize<TrainerSource>(File.ReadAllText(path), ContractJson.Options) : null;
            return (source ?? new()) with { Commit = told ?? source?.Commit };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            return new(told);
        }
    }
}
