using System.Globalization;

namespace CatchUp.Worker.Machine;

/// <summary>How busy the whole machine is, between two looks at /proc/stat.</summary>
internal sealed class MachineLoad
{
    private (long Busy, long Total)? last;

    /// <returns>Percent of all processors, 0 to 100; null at the first look and on systems without /proc.</returns>
    public double? Measure()
    {
        var before = last;
        last = Read();
        return before is var (busy, total) && last is var (busyNow, totalNow) && totalNow > total
            ? 100.0 * (busyNow - busy) / (totalNow - total)
            : null;
    }

    private static (long Busy, long Total)? Read()
    {
        try
        {
            // cpu user nice system idle iowait irq softirq steal …
            var times = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
                .Select(field => long.Parse(field, CultureInfo.InvariantCulture))
                .ToArray();
            var total = times.Sum();
            return (total - times[3] - times[4], total);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or FormatException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
