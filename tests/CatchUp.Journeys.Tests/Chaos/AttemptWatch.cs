using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>Looks at the run directories on the workers' disks, where everything is seen before anybody else knows of it.</summary>
internal sealed class AttemptWatch(IReadOnlyList<WorkerProcess> workers, IReadOnlySet<long> runs, Moment moment, int iterations)
{
    private readonly Dictionary<string, Process> _trainers = [];

    /// <summary>Whether a trainer of these runs is known already, so that it need not be looked for when its moment has come.</summary>
    public bool SeesTrainers => _trainers.Count > 0;

    /// <summary>An attempt that has come to the moment; null while there is none.</summary>
    public Victim? Find()
    {
        foreach (var worker in workers)
        {
            foreach (var directory in Directories(worker.Attempts, runs))
            {
                if (moment != Moment.Assign && !_trainers.ContainsKey(directory) && WorkerProcess.Trainers(directory).FirstOrDefault() is { } found)
                {
                    _trainers.Add(directory, found);
                }

                try
                {
                    if (HasCome(directory))
                    {
                        return new Victim(worker, directory, _trainers.GetValueOrDefault(directory));
                    }
                }
                catch (IOException)
                {
                    // It has just been stored and deleted.
                }
            }
        }

        return null;
    }

    public static IEnumerable<string> Directories(string attempts, IReadOnlySet<long> runs) => !Directory.Exists(attempts)
        ? []
        : Directory.EnumerateDirectories(attempts).Where(path => Path.GetFileName(path).Split('-') is [var run, _] && long.TryParse(run, out var id) && runs.Contains(id));

    private bool HasCome(string directory)
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
