namespace CatchUp.Worker.Startup;

/// <summary>The folder of one worker's attempts, held through a lock of the operating system, which no kill leaves behind.</summary>
internal static class WorkerHome
{
    /// <summary>Holds the folder until disposed.</summary>
    /// <exception cref="IOException">It cannot be used; the message says why.</exception>
    public static IDisposable Hold(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            return new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException problem) when (IsLocked(problem))
        {
            throw new IOException($"Another worker uses the folder {path}. End that one, or give this one a folder of its own with CATCHUP_HOME.", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The folder {path} cannot be used: {problem.Message} Mend its permissions, or choose another with CATCHUP_HOME.", problem);
        }
    }

    // EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsLocked(IOException problem) => problem.HResult is 11 or 35 or unchecked((int)0x80070020);
}
