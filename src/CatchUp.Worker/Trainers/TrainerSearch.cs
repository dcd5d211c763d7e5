using System.Diagnostics;
using System.Globalization;
using System.Text;
using CatchUp.Worker.Attempts;

namespace CatchUp.Worker.Trainers;

/// <summary>Finds trainers that an earlier worker process left behind.</summary>
internal static class TrainerSearch
{
    /// <summary>Processes whose command line says that they work in this very directory; none on systems without /proc.</summary>
    public static IReadOnlyList<Process> Find(AttemptDirectory directory)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        var found = new List<Process>();
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id != Environment.ProcessId && WorksIn(entry, directory))
            {
                try
                {
                    found.Add(Process.GetProcessById(id));
                }
                catch (ArgumentException)
                {
                    // It has just ended.
                }
            }
        }

        return found;
    }

    private static bool WorksIn(string process, AttemptDirectory directory)
    {
        try
        {
            var arguments = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(process, "cmdline"))).Split('\0');
            var place = Array.IndexOf(arguments, "--out");
            return place > 0 && place + 1 < arguments.Length && arguments[place + 1] == directory.Path && arguments.Contains("--supervised");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
