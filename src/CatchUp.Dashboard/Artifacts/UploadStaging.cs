using System.Globalization;
using CatchUp.Contracts.Artifacts;
using Microsoft.Extensions.Options;

namespace CatchUp.Dashboard.Artifacts;

/// <summary>
/// Where uploads of workers grow: a folder for each token, so that none can spoil another's, on the artifacts' own disk. What is there counts as an artifact only when it
/// is whole and its hash is right.
/// </summary>
internal sealed class UploadStaging(ArtifactDirectory artifacts, IOptions<ArtifactLimits> limits, TimeProvider time)
{
    private const int NoSpaceLeft = 28; // ENOSPC

    private readonly ArtifactLimits limits = limits.Value;

    public ArtifactUpload Find(long token, string sha256)
    {
        if (artifacts.Contains(sha256))
        {
            return new ArtifactUpload(sha256, Stored: true, 0);
        }

        var file = new FileInfo(Path.Combine(Folder(token), sha256));
        return new ArtifactUpload(sha256, Stored: false, file.Exists ? file.Length : 0);
    }

    /// <summary>Puts a piece behind what is there, and makes the whole an artifact with the last one. What arrives before a connection breaks stays.</summary>
    /// <param name="offset">Where the piece begins; 0 begins anew.</param>
    /// <param name="length">Of the whole artifact.</param>
    public async Task<UploadOutcome> AppendAsync(long token, string sha256, long offset, long length, bool sample, Stream piece, CancellationToken cancellation)
    {
        var most = sample ? limits.MaximumSampleBytes : limits.MaximumBytes;
        if (length > most)
        {
            return Refused(token, sha256, StatusCodes.Status413PayloadTooLarge, $"The file has {length:N0} bytes, and this server takes {(sample ? "sample grids" : "weights")} of at most {most:N0}.{(sample ? "" : $" {ArtifactLimits.Key} in the server's environment sets the limit.")}");
        }

        var found = Find(token, sha256);
        if (found.Stored)
        {
            return new UploadOutcome(found, StatusCodes.Status200OK, null);
        }

        if (FindCap(token, sha256, length - found.Offset) is { } cap)
        {
            return Refused(token, sha256, StatusCodes.Status429TooManyRequests, cap);
        }

        var path = Path.Combine(Folder(token), sha256);
        try
        {
            Directory.CreateDirectory(Folder(token));
            if (!sample)
            {
                DiskReserve.Keep(Folder(token), length - offset);
            }

            if (await WriteAsync(path, offset, length, piece, cancellation) is { } problem)
            {
                return Refused(token, sha256, StatusCodes.Status409Conflict, problem);
            }

            if (new FileInfo(path).Length < length)
            {
                return new UploadOutcome(Find(token, sha256), StatusCodes.Status200OK, null);
            }

            await artifacts.AdoptAsync(path, sha256, cancellation);
            return new UploadOutcome(new ArtifactUpload(sha256, Stored: true, 0), StatusCodes.Status201Created, null);
        }
        catch (InvalidDataException problem)
        {
            return Refused(token, sha256, StatusCodes.Status422UnprocessableEntity, $"{problem.Message} What was sent is dropped: send it again from the beginning.");
        }
        catch (IOException problem) when (problem.HResult == NoSpaceLeft)
        {
            return Refused(token, sha256, StatusCodes.Status507InsufficientStorage, $"The server's disk is full: {problem.Message} Free space there; the upload goes on where it stopped.");
        }
        catch (FileNotFoundException) when (artifacts.Contains(sha256))
        {
            // The same artifact came on another connection, and that one was first.
            return new UploadOutcome(Find(token, sha256), StatusCodes.Status200OK, null);
        }
    }

    /// <summary>Drops uploads that nobody has gone on with for long.</summary>
    /// <returns>How many.</returns>
    public int RemoveOld()
    {
        var removed = 0;
        var before = (time.GetUtcNow() - limits.KeepUnfinished).UtcDateTime;
        foreach (var file in Directory.Exists(artifacts.Staging) ? Directory.EnumerateFiles(artifacts.Staging, "*", SearchOption.AllDirectories) : [])
        {
            if (File.GetLastWriteTimeUtc(file) < before)
            {
                File.Delete(file);
                removed++;
            }
        }

        return removed;
    }

    /// <returns>Why the piece does not belong there; null when it is written.</returns>
    private static async Task<string?> WriteAsync(string path, long offset, long length, Stream piece, CancellationToken cancellation)
    {
        FileStream file;
        try
        {
            // Held alone: a second connection would write between the first one's bytes.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return "Another connection is uploading the same file. Ask for the offset in a moment and go on from there.";
        }

        await using (file)
        {
            if (offset == 0)
            {
                file.SetLength(0);
            }

            if (offset != file.Length)
            {
                return string.Create(CultureInfo.InvariantCulture, $"The next bytes belong at {file.Length}, not at {offset}.");
            }

            file.Position = offset;
            var buffer = new byte[128 << 10];
            while (file.Position < length && await piece.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - file.Position)), cancellation) is > 0 and var count)
            {
                // Without the token: what has arrived is kept, whatever becomes of the connection.
                await file.WriteAsync(buffer.AsMemory(0, count), CancellationToken.None);
            }

            return null;
        }
    }

    private string? FindCap(long token, string sha256, long more)
    {
        var others = Directory.Exists(Folder(token)) ? new DirectoryInfo(Folder(token)).EnumerateFiles().Where(file => file.Name != sha256).Select(Length).ToList() : [];
        return others.Count >= limits.MaximumUnfinished ? $"This token has {others.Count} unfinished uploads, and may have {limits.MaximumUnfinished}. Finish them, or wait until they are dropped."
            : others.Sum() + more > limits.MaximumUnfinishedBytes ? $"This token's unfinished uploads take {others.Sum():N0} bytes, and may take {limits.MaximumUnfinishedBytes:N0}. Finish them, or wait until they are dropped."
            : null;
    }

    /// <summary>Another request may just have finished it.</summary>
    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private string Folder(long token) => Path.Combine(artifacts.Staging, token.ToString(CultureInfo.InvariantCulture));

    private UploadOutcome Refused(long token, string sha256, int status, string problem) => new(Find(token, sha256), status, problem);
}
