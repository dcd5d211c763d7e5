using System.Formats.Tar;
using System.IO.Compression;
using Microsoft.Data.Sqlite;

namespace CatchUp.Journeys.Tests.Platform;

/// <summary>
/// The product on a copy of <c>tests/recorded/home.tar.gz</c>: runs 1 to 15 of two sweeps that were really trained, with evaluations,
/// samples and snapshots. The README beside it says which run is what.
/// </summary>
internal sealed class RecordedHome : IAsyncDisposable
{
    public const int Runs = 15;

    private readonly TemporaryFolder _folder;

    private RecordedHome(TemporaryFolder folder) => (_folder, Platform) = (folder, new PlatformProcess(folder.Path));

    public static string Archive => Path.Combine(Repository.Root, "tests", "recorded", "home.tar.gz");

    public PlatformProcess Platform { get; }

    /// <summary>Starts on a copy of its own, which may be changed.</summary>
    public static async Task<RecordedHome> StartAsync(CancellationToken cancellation)
    {
        var home = new RecordedHome(new TemporaryFolder());
        try
        {
            await UnpackAsync(home._folder.Path, cancellation);
            await home.Platform.StartAsync(cancellation);
            return home;
        }
        catch
        {
            await home.DisposeAsync();
            throw;
        }
    }

    /// <summary>Into an empty folder, without starting anything.</summary>
    public static async Task UnpackAsync(string folder, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(Archive);
        await using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(unpacked, folder, overwriteFiles: false, cancellation);
    }

    /// <summary>Packs the home of a product that has been stopped.</summary>
    public static async Task PackAsync(string home, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        var dropped = await CopyDatabaseAsync(Path.Combine(home, "catchup.db"), Path.Combine(folder.Path, "catchup.db"), cancellation);
        foreach (var artifact in Directory.EnumerateFiles(Path.Combine(home, "artifacts"), "*", SearchOption.AllDirectories).Where(file => !dropped.Contains(Path.GetFileName(file))))
        {
            var copy = Path.Combine(folder.Path, Path.GetRelativePath(home, artifact));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(artifact, copy);
        }

        await using var file = File.Create(Archive);
        await using var packed = new GZipStream(file, CompressionLevel.SmallestSize);
        await TarFile.CreateFromDirectoryAsync(folder.Path, packed, includeBaseDirectory: false, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Platform.DisposeAsync();
        _folder.Dispose();
    }

    /// <returns>Names of the artifacts that the copy has no rows for.</returns>
    private static async Task<HashSet<string>> CopyDatabaseAsync(string from, string to, CancellationToken cancellation)
    {
        await using var source = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = from, Pooling = false }.ToString());
        await source.OpenAsync(cancellation);
        await ExecuteAsync(source, "VACUUM INTO @to", cancellation, ("@to", to));
        await using var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = to, Pooling = false }.ToString());
        await copy.OpenAsync(cancellation);
        var dropped = new HashSet<string>(StringComparer.Ordinal);
        await using (var command = copy.CreateCommand())
        {
            command.CommandText = "SELECT sha256 FROM checkpoints WHERE type = 'Checkpoint'";
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                dropped.Add(reader.GetString(0));
            }
        }

        await ExecuteAsync(copy, "DELETE FROM checkpoints WHERE type = 'Checkpoint'; UPDATE workers SET name = 'recorder'; UPDATE attempts SET worker = 'recorder'; VACUUM", cancellation);
        return dropped;
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql, CancellationToken cancellation, params IEnumerable<(string Name, object Value)> values)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        await command.ExecuteNonQueryAsync(cancellation);
    }
}
