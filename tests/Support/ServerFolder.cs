using System.Diagnostics;

namespace CatchUp.Tests.Support;

/// <summary>A folder for a server that refuses to run as root: it belongs to the server's own user, and goes with the test.</summary>
internal sealed class ServerFolder : IDisposable
{
    private readonly string _user;

    public ServerFolder(string user)
    {
        _user = user;
        Path = Directory.CreateTempSubdirectory($"catchup-{user}-").FullName;
        if (IsRoot)
        {
            Own();
        }
    }

    public string Path { get; }

    /// <summary>What goes before a command so that it runs as the server's user.</summary>
    public IReadOnlyList<string> AsUser => IsRoot ? ["setpriv", $"--reuid={_user}", $"--regid={_user}", "--init-groups"] : [];

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>Gives what the test has written into it to the server's user too.</summary>
    public void Own()
    {
        if (IsRoot)
        {
            using var chown = Process.Start("chown", ["-R", $"{_user}:{_user}", Path]);
            chown.WaitForExit();
        }
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A child of a killed server may still be writing its last words; the system clears its temporary files.
        }
    }
}
