using System.Globalization;
using System.IO.Compression;

namespace CatchUp.Flow.Datasets.Collections;

/// <summary>Pictures in a .zip archive. Nothing is written to disk, so the names inside it are only names.</summary>
internal sealed class PictureZip : PictureCollection
{
    private readonly ZipArchive archive;
    private readonly Dictionary<string, ZipArchiveEntry> entries;

    private PictureZip(ZipArchive archive, Dictionary<string, ZipArchiveEntry> entries) => (this.archive, this.entries) = (archive, entries);

    public static new PictureZip Open(string path)
    {
        var archive = ZipFile.OpenRead(path);
        try
        {
            var entries = new Dictionary<string, ZipArchiveEntry>(archive.Entries.Count, StringComparer.Ordinal);
            foreach (var entry in archive.Entries)
            {
                if (!entries.TryAdd(entry.FullName, entry))
                {
                    throw new InvalidDataException($"{path} has two files called {entry.FullName}.");
                }
            }

            var (pictures, labels) = Sort(path, entries.Values.Select(entry => new CollectedFile(entry.FullName, entry.Length, entry.Crc32.ToString("x8", CultureInfo.InvariantCulture))));
            return new PictureZip(archive, entries) { Pictures = pictures, Labels = labels };
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    public override void Dispose()
    {
        archive.Dispose();
        base.Dispose();
    }

    protected override byte[] ReadWhole(CollectedFile file)
    {
        // All entries share one stream.
        lock (archive)
        {
            using var stream = entries[file.Name].Open();
            var bytes = new byte[file.Bytes];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }
}
