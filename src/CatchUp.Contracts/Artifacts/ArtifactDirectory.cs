using System.Security.Cryptography;

namespace CatchUp.Contracts.Artifacts;

/// <summary>
/// Content-addressed files: the name of an artifact is the SHA-256 of its bytes, in lower-case hexadecimal.
/// Several processes may share the directory; a file appears whole or not at all.
/// </summary>
public sealed class ArtifactDirectory
{
    private readonly string _root;

    public ArtifactDirectory(string root)
    {
        _root = root;
        Directory.CreateDirectory(root);
    }

    /// <summary>Stores a copy of the file, if it is not there yet.</summary>
    /// <exception cref="InvalidDataException">The file's bytes do not have that hash.</exception>
    /// <exception cref="IOException">The disk is full, or full but for the <see cref="DiskReserve"/> if that is kept.</exception>
    public async Task StoreAsync(string file, string sha256, bool keepsReserve, CancellationToken cancellation)
    {
        var path = PathOf(sha256);
        if (File.Exists(path))
        {
            return;
        }

        if (keepsReserve)
        {
            DiskReserve.Keep(_root, new FileInfo(file).Length);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await CopyVerifiedAsync(file, temporary, sha256, cancellation);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Takes a file of the same disk over, if its bytes have that hash; else it is deleted.</summary>
    /// <exception cref="InvalidDataException">The file's bytes do not have that hash.</exception>
    public async Task AdoptAsync(string file, string sha256, CancellationToken cancellation)
    {
        var path = PathOf(sha256);
        var source = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        await using (source)
        {
            var actual = Convert.ToHexStringLower(await SHA256.HashDataAsync(source, cancellation));
            if (actual != sha256)
            {
                File.Delete(file);
                throw new InvalidDataException($"The bytes have the SHA-256 {actual}, not {sha256}.");
            }

            source.Flush(flushToDisk: true);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(file, path, overwrite: true);
    }

    /// <summary>Looks the artifact's bytes through, and deletes them when they are not what they were.</summary>
    /// <returns>False when it is not there, or was damaged.</returns>
    public async Task<bool> VerifyAsync(string sha256, CancellationToken cancellation)
    {
        var file = Open(sha256);
        await using (file)
        {
            if (file is not null && Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)) == sha256)
            {
                return true;
            }
        }

        Delete(sha256);
        return false;
    }

    public bool Contains(string sha256) => File.Exists(PathOf(sha256));

    /// <summary>Opens the artifact for reading; null when it is not there.</summary>
    public FileStream? Open(string sha256)
    {
        try
        {
            return new FileStream(PathOf(sha256), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>64 lower-case hexadecimal digits; nothing else names an artifact.</summary>
    public static bool IsName(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Where uploads grow until they are whole: on the artifacts' own disk, so that a whole one is only renamed.</summary>
    public string Staging => Path.Combine(_root, "staging");

    /// <summary>Where the artifact's bytes are on this machine; for a trainer that resumes from it.</summary>
    public string PathOf(string sha256)
    {
        if (!IsName(sha256))
        {
            throw new ArgumentException("An artifact's name is 64 lower-case hexadecimal digits.", nameof(sha256));
        }

        return Path.Combine(_root, sha256[..2], sha256);
    }

    /// <summary>Deletes the artifact. Whoever calls knows that nothing refers to it.</summary>
    /// <returns>The bytes that were freed.</returns>
    public long Delete(string sha256)
    {
        var file = new FileInfo(PathOf(sha256));
        if (!file.Exists)
        {
            return 0;
        }

        var bytes = file.Length;
        file.Delete();
        return bytes;
    }

    private static async Task CopyVerifiedAsync(string file, string copy, string sha256, CancellationToken cancellation)
    {
        var target = new FileStream(copy, FileMode.CreateNew, FileAccess.ReadWrite);
        await using (target)
        {
            var source = File.OpenRead(file);
            await using (source)
            {
                await source.CopyToAsync(target, cancellation);
            }

            target.Position = 0;
            var actual = Convert.ToHexStringLower(await SHA256.HashDataAsync(target, cancellation));
            if (actual != sha256)
            {
                throw new InvalidDataException($"{Path.GetFileName(file)} has the SHA-256 {actual}, not {sha256} as its journal says. It was changed or torn after it was written.");
            }

            target.Flush(flushToDisk: true);
        }
    }
}
