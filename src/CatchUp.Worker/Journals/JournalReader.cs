using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;

namespace CatchUp.Worker.Journals;

/// <summary>Reads a journal while its trainer writes it: whole lines only, and none behind a damaged one.</summary>
internal sealed class JournalReader(string path) : IDisposable
{
    public const int PointsPerBatch = 1000, BytesPerBatch = 1 << 20;

    private FileStream? file;
    private byte[] buffer = new byte[BytesPerBatch];

    /// <summary>Number of the last entry that was advanced over.</summary>
    public long Position { get; private set; }

    /// <summary>Where in the file the next entry begins.</summary>
    public long Offset { get; private set; }

    /// <summary>The entries after <see cref="Position"/>, up to 1,000 points or 1 MiB of them but at least one; none when there are no whole ones.</summary>
    public JournalBatch Read()
    {
        if (!TryOpen())
        {
            return new JournalBatch([], Offset);
        }

        var length = Fill();
        var entries = new List<JournalEntry>();
        var (used, points) = (0, 0);
        while (points < PointsPerBatch && buffer.AsSpan(used, length - used).IndexOf((byte)'\n') is var end and >= 0)
        {
            if (Parse(buffer.AsSpan(used, end), Position + entries.Count + 1) is not { } entry || (entries.Count > 0 && used + end + 1 > BytesPerBatch))
            {
                break;
            }

            entries.Add(entry);
            used += end + 1;
            points += entry is PointsLogged logged ? logged.Values.Count : 0;
        }

        return new JournalBatch(entries, Offset + used);
    }

    public void Advance(JournalBatch batch)
    {
        Position += batch.Entries.Count;
        Offset = batch.EndOffset;
    }

    /// <summary>Goes on behind the entry of that number. Entry n is line n.</summary>
    /// <returns>False when the journal has fewer entries; then it is at its end.</returns>
    public bool Seek(long position)
    {
        if (position == Position)
        {
            return true;
        }

        (Position, Offset) = (0, 0);
        while (Position < position && TryOpen() && Fill() is var length and > 0)
        {
            var used = 0;
            while (Position < position && buffer.AsSpan(used, length - used).IndexOf((byte)'\n') is var end and >= 0)
            {
                used += end + 1;
                Position++;
            }

            if (used == 0)
            {
                break;
            }

            Offset += used;
        }

        return Position == position;
    }

    public void Dispose() => file?.Dispose();

    private static JournalEntry? Parse(ReadOnlySpan<byte> line, long number)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalEntry>(line, ContractJson.Options) is { } entry && entry.Number == number ? entry : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool TryOpen()
    {
        if (file is null && File.Exists(path))
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }

        return file is not null;
    }

    /// <summary>Fills the buffer from the next entry on; a line longer than the buffer makes it grow.</summary>
    private int Fill()
    {
        var length = 0;
        while (true)
        {
            length += RandomAccess.Read(file!.SafeFileHandle, buffer.AsSpan(length), Offset + length);
            if (length < buffer.Length || buffer.AsSpan(0, length).Contains((byte)'\n'))
            {
                return length;
            }

            Array.Resize(ref buffer, buffer.Length * 2);
        }
    }
}
