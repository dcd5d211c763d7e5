using System.Formats.Tar;
using System.IO.Compression;
using CatchUp.Flow.Downloads;

namespace CatchUp.Flow.Datasets;

/// <summary>Fetches a data set into its folder in the data folder, where <see cref="DatasetCatalog"/> looks for it.</summary>
/// <param name="download">Fetches the files.</param>
/// <param name="dataFolder">The data folder.</param>
/// <param name="mirror">Takes every file from here instead, as MIRROR/DATASET/FILE; null takes them from where they were published.</param>
public sealed class DatasetDownload(FileDownload download, string dataFolder, Uri? mirror = null)
{
    /// <summary>Fetches what is missing. Stopped at any point, it goes on from there the next time.</summary>
    /// <returns>The data set's folder.</returns>
    /// <exception cref="DownloadFailedException">A file could not be had.</exception>
    public async Task<string> FetchAsync(DatasetSource source, Action<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var folder = Path.Combine(dataFolder, source.Name);
        foreach (var file in source.Files)
        {
            if (file.Members.Count > 0 && file.Members.All(member => IsWhole(Path.Combine(folder, member.Name), member)))
            {
                continue;
            }

            var target = Path.Combine(folder, file.Name);
            await download.FetchAsync(Located(source, file), target, progress, cancellation);
            if (file.Members.Count > 0)
            {
                Unpack(target, folder, file.Members);
            }
        }

        return folder;
    }

    private static bool IsWhole(string path, DatasetSource.ArchiveMember member) => new FileInfo(path) is { Exists: true } file && file.Length == member.Bytes;

    private RemoteFile Located(DatasetSource source, DatasetSource.SourceFile file) => mirror is null
        ? file.Remote
        : file.Remote with { Address = new Uri($"{mirror.AbsoluteUri.TrimEnd('/')}/{source.Name}/{file.Name}"), OtherHosts = [] };

    /// <summary>Takes the members out, each whole or not at all; the names inside the archive never become paths.</summary>
    private static void Unpack(string archive, string folder, IReadOnlyList<DatasetSource.ArchiveMember> members)
    {
        var missing = members.ToDictionary(member => member.Name, StringComparer.Ordinal);
        try
        {
            using (var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress)))
            {
                while (missing.Count > 0 && tar.GetNextEntry() is { } entry)
                {
                    if (entry.DataStream is { } data && missing.Remove(Path.GetFileName(entry.Name), out var member) && data.Length == member.Bytes)
                    {
                        var target = Path.Combine(folder, member.Name);
                        using (var part = File.Create(target + ".part"))
                        {
                            data.CopyTo(part);
                        }

                        File.Move(target + ".part", target, overwrite: true);
                    }
                }
            }

            if (members.FirstOrDefault(member => !IsWhole(Path.Combine(folder, member.Name), member)) is { } absent)
            {
                throw new DownloadFailedException($"{archive} does not hold {absent.Name} with {absent.Bytes} bytes.");
            }

            File.Delete(archive);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new DownloadFailedException($"{archive} cannot be unpacked: {error.Message}", error);
        }
    }
}
