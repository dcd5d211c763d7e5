using System.Globalization;

namespace CatchUp.Dashboard.Startup;

/// <summary>The data folder. Where it has a database or a worker's attempts, one process holds it at a time, through a lock of the operating system, which no kill leaves behind.</summary>
internal sealed class CatchUpHome : IDisposable
{
    private readonly FileStream? holder;

    private CatchUpHome(string path, FileStream? holder)
    {
        Path = path;
        this.holder = holder;
    }

    public string Path { get; }

    public string Database => System.IO.Path.Combine(Path, "catchup.db");

    /// <summary>Where the folder is, without opening it.</summary>
    public static string PathOf(string? wanted) => System.IO.Path.GetFullPath(wanted ?? DefaultPath());

    /// <summary>Where the database of a folder is, without opening the folder.</summary>
    public static string DatabaseOf(string? wanted) => System.IO.Path.Combine(PathOf(wanted), "catchup.db");

    public string Artifacts => System.IO.Path.Combine(Path, "artifacts");

    /// <summary>The keys that sign sessions.</summary>
    public string Keys => System.IO.Path.Combine(Path, "keys");

    /// <summary>The run directories of attempts that are not wholly stored.</summary>
    public string Attempts => System.IO.Path.Combine(Path, "attempts");

    private static string AddressFile(string home) => System.IO.Path.Combine(home, "address");

    /// <param name="wanted">The folder; null takes <c>CATCHUP_HOME</c> or the default.</param>
    /// <param name="shared">Take no lock: servers of a team without a worker share the folder, which for them holds artifacts and keys alone.</param>
    /// <exception cref="StartupException">It cannot be made or written, or another process holds it.</exception>
    public static CatchUpHome Open(string? wanted, bool shared = false)
    {
        var path = PathOf(wanted);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder {path} cannot be made: {problem.Message} Choose another with --home or CATCHUP_HOME.", problem);
        }

        try
        {
            if (shared)
            {
                EnsureWritable(path);
                return new CatchUpHome(path, null);
            }

            return new CatchUpHome(path, new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new StartupException($"The data folder {path} cannot be written: {problem.Message} Mend its permissions, or choose another with --home or CATCHUP_HOME.", problem);
        }
        catch (IOException problem) when (IsLocked(problem))
        {
            throw new StartupException($"CatchUp Platform is already running with the data folder {path}{Whereabouts(path)}. Use that one, or choose another folder with --home.", problem);
        }
        catch (IOException problem)
        {
            throw new StartupException($"The data folder {path} cannot be used: {problem.Message} Choose another with --home or CATCHUP_HOME.", problem);
        }
    }

    /// <summary>Leaves word for a second start where the first one can be found. A courtesy: it may fail.</summary>
    public void WriteAddress(string address)
    {
        if (holder is null)
        {
            return;
        }

        try
        {
            File.WriteAllText(AddressFile(Path), string.Create(CultureInfo.InvariantCulture, $"{address}"));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
        }
    }

    public void Dispose()
    {
        if (holder is not null)
        {
            File.Delete(AddressFile(Path));
            holder.Dispose();
        }
    }

    private static void EnsureWritable(string path)
    {
        using var probe = new FileStream(System.IO.Path.Combine(path, $"{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
    }

    private static string DefaultPath()
    {
        if (Environment.GetEnvironmentVariable("CATCHUP_HOME") is { Length: > 0 } named)
        {
            return named;
        }

        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length > 0
            ? System.IO.Path.Combine(data, "catchup-platform")
            : throw new StartupException("This account has no folder for application data. Choose a data folder with --home or CATCHUP_HOME.");
    }

    // EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsLocked(IOException problem) => problem.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static string Whereabouts(string path)
    {
        try
        {
            return " at " + File.ReadAllText(AddressFile(path));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
