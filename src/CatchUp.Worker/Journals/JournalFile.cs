using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;

namespace CatchUp.Worker.Journals;

/// <summary>Works on a journal whose trainer is gone.</summary>
internal static class JournalFile
{
    /// <summary>Drops a torn last line, left by a trainer that was killed while writing, and says what the journal amounts to.</summary>
    public static JournalEnd Repair(string path)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new JournalReader(path);
        var checkpoints = new List<CheckpointSaved>();
        AttemptEnded? ended = null;
        var step = 0;
        while (reader.Read() is { Entries.Count: > 0 } batch)
        {
            foreach (var entry in batch.Entries)
            {
                ended = entry as AttemptEnded;
                step = Math.Max(step, StepOf(entry));
                if (entry is CheckpointSaved saved)
                {
                    checkpoints.Add(saved);
                }
                else if (entry is CheckpointRemoved removed)
                {
                    checkpoints.RemoveAll(checkpoint => checkpoint.Sha256 == removed.Sha256 && checkpoint.Type == removed.Type);
                }
            }

            reader.Advance(batch);
        }

        file.SetLength(reader.Offset);
        return new JournalEnd(reader.Position, step, ended, checkpoints);
    }

    /// <summary>Ends a journal whose trainer did not.</summary>
    public static JournalEnd Append(string path, JournalEnd end, AttemptEnded entry)
    {
        var numbered = entry with { Number = end.LastNumber + 1 };
        var line = JsonSerializer.SerializeToUtf8Bytes<JournalEntry>(numbered, ContractJson.Options);
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var before = file.Length;
        try
        {
            file.Write([.. line, (byte)'\n']);
            file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // Half a line must not stay: the next try would continue it.
            file.SetLength(before);
            throw;
        }

        return end with { LastNumber = numbered.Number, Ended = numbered };
    }

    private static int StepOf(JournalEntry entry) => entry switch
    {
        PointsLogged points => points.Step,
        AttemptStarted started => started.FromStep,
        CheckpointSaved checkpoint => checkpoint.Step,
        AttemptEnded ended => ended.Step,
        _ => 0,
    };
}
