using System.Diagnostics;
using System.Globalization;

namespace CatchUp.Journeys.Tests.Platform;

/// <summary>A folder that is a file system of its own and of a given size.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _mountPoint = new();

    /// <summary>The test is skipped where this user may not mount one.</summary>
    public SmallDisk(long bytes)
    {
        if (!Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={bytes}"), "tmpfs", Path))
        {
            _mountPoint.Dispose();
            Assert.Skip("A small disk needs a tmpfs, and this user may not mount one.");
        }
    }

    public string Path => _mountPoint.Path;

    public void Dispose()
    {
        Run("umount", "--lazy", Path);
        _mountPoint.Dispose();
    }

    private static bool Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
