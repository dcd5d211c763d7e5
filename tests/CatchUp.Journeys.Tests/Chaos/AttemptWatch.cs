using System.Text.Json.Nodes;

namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>Looks at the run directories on a worker's disk, where everything is seen before anybody else knows of it.</summary>
internal static class AttemptWatch
{
    /// <summary>The run directory of a run of <paramref name="runs"/> that has come to the moment; null while there is none.</summary>
    public static string? Find(string attempts, IReadOnlySet<long> runs, Moment moment, int iterations)
    {
        foreach (var directory in Directories(attempts, runs))
        {
            try
            {
                if (HasCome(directory, moment, iterations))
                {
                    return directory;
                }
            }
            catch (IOException)
            {
                // It has just been stored and deleted.
            }
        }

        return null;
    }

    public static IEnumerable<string> Directories(string attempts, IReadOnlySet<long> runs) => !Directory.Exists(attempts)
        ? []
        : Directory.EnumerateDirectories(attempts).Where(path => Path.GetFileName(path).Split('-') is [var run, _] && long.TryParse(run, out var id) && runs.Contains(id));

    private static bool HasCome(string directory, Moment moment, int iterations)
    {
        if (moment == Moment.CheckpointWrite)
        {
            var checkpoints = Path.Combine(directory, "checkpoints");
            return Directory.Exists(checkpoints) && Directory.EnumerateFiles(checkpoints, "*.tmp").Any();
        }

        var journal = Path.Combine(directory, "journal.ndjson");
        var entries = File.Exists(journal) ? Entries(journal) : [];
        var (kind, step) = (entries.LastOrDefault().Kind, entries.Where(entry => entry.Kind == "points").Select(entry => entry.Step).LastOrDefault());
        return moment switch
        {
            Moment.Assign => kind is null or "started",
            Moment.FirstBatch => step >= 1,
            Moment.MidTraining => step >= iterations / 2,
            Moment.Evaluation => kind == "evaluation",
            _ => kind == "ended",
        };
    }

    private static List<(string? Kind, int Step)> Entries(string journal)
    {
        using var stream = new FileStream(journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        var entries = new List<(string?, int)>();
        while (reader.ReadLine() is { } line)
        {
            try
            {
                var entry = JsonNode.Parse(line)!;
                entries.Add((entry["kind"]?.GetValue<string>(), entry["step"]?.GetValue<int>() ?? 0));
            }
            catch (System.Text.Json.JsonException)
            {
                // The line that is being written.
            }
        }

        return entries;
    }
}
