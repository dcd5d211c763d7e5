using System.Globalization;

namespace CatchUp.Benchmarks.Tracking.Servers;

/// <summary>Processor seconds of processes with all their descendants. On a machine that does other things too they say more than the clock.</summary>
internal static class ProcessorTime
{
    private const double TicksPerSecond = 100;

    public static double Of(int root)
    {
        var seconds = new Dictionary<int, double>();
        var children = new Dictionary<int, List<int>>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Read(folder) is { } fields)
            {
                // Children that have ended count too: PostgreSQL makes a process for every connection.
                seconds[id] = new[] { 11, 12, 13, 14 }.Sum(index => long.Parse(fields[index], CultureInfo.InvariantCulture)) / TicksPerSecond;
                var parent = int.Parse(fields[1], CultureInfo.InvariantCulture);
                (children.TryGetValue(parent, out var siblings) ? siblings : children[parent] = []).Add(id);
            }
        }

        return Sum(root);

        double Sum(int id) => seconds.GetValueOrDefault(id) + (children.TryGetValue(id, out var below) ? below.Sum(Sum) : 0);
    }

    /// <summary>The fields of /proc/ID/stat behind the name, which may contain anything.</summary>
    private static string[]? Read(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
