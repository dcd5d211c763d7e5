using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;

namespace CatchUp.Trainer.Runs;

/// <summary>
/// Appends to journal.ndjson: one entry a line, numbered from 1, each handed to the operating system in one write, so that a
/// killed trainer leaves whole lines and at most one torn one, which the next to open the file drops.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    private readonly FileStream file;
    private readonly TimeProvider clock;
    private long lastNumber;

    private JournalWriter(FileStream file, TimeProvider clock, IReadOnlyList<JournalEntry> existing)
    {
        (this.file, this.clock, Existing) = (file, clock, existing);
        lastNumber = existing.Count == 0 ? 0 : existing[^1].Number;
    }

    /// <summary>What was in the journal when it was opened.</summary>
    public IReadOnlyList<JournalEntry> Existing { get; }

    public static JournalWriter Open(string path, TimeProvider clock)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        try
        {
            var existing = ReadWhole(file, out var length);
            file.SetLength(length);
            file.Position = length;
            return new JournalWriter(file, clock, existing);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Append(JournalEntry entry)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(entry with { Number = lastNumber + 1, At = clock.GetUtcNow() }, ContractJson.Options);
        Array.Resize(ref line, line.Length + 1);
        line[^1] = (byte)'\n';
        var start = file.Position;
        try
        {
            file.Write(line);
        }
        catch (IOException)
        {
            // A full disk may have taken half of the line.
            file.SetLength(start);
            file.Position = start;
            throw;
        }

        lastNumber++;
    }

    public void Dispose() => file.Dispose();

    /// <summary>Reads up to the first line that is not whole.</summary>
    private static List<JournalEntry> ReadWhole(FileStream file, out int length)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var entries = new List<JournalEntry>();
        length = 0;
        while (bytes.AsSpan(length).IndexOf((byte)'\n') is var end and >= 0)
        {
            try
            {
                entries.Add(JsonSerializer.Deserialize<JournalEntry>(bytes.AsSpan(length, end), ContractJson.Options)!);
            }
            catch (JsonException)
            {
                break;
            }

            length += end + 1;
        }

        return entries;
    }
}
