using System.Globalization;

namespace CatchUp.Worker.Trainers;

/// <summary>How many processes the system has killed for want of memory: its own count, or that of the control group this process is in.</summary>
internal static class MemoryKills
{
    /// <summary>0 where nothing counts them.</summary>
    public static long Count() => Read("/proc/vmstat", "oom_kill") + Read("/sys/fs/cgroup/memory.events", "oom_kill");

    internal static long Read(string file, string name)
    {
        try
        {
            foreach (var line in File.ReadLines(file))
            {
                if (line.StartsWith(name + " ", StringComparison.Ordinal) && long.TryParse(line.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                {
                    return count;
                }
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
        }

        return 0;
    }
}
