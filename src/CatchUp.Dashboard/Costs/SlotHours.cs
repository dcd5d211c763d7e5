using System.Globalization;
using CatchUp.Dashboard.Shell;

namespace CatchUp.Dashboard.Costs;

/// <summary>Time of slots in the words of the pages.</summary>
internal static class SlotHours
{
    /// <summary>"48 s", "2.4 h", "1,200 h".</summary>
    public static string Text(double seconds) => seconds < 3600 ? Figures.Duration(TimeSpan.FromSeconds(seconds)) : $"{(seconds / 3600).ToString(seconds >= 360_000 ? "#,0" : "0.0", CultureInfo.InvariantCulture)} h";

    /// <summary>"GPU-hours" where only graphics cards were used.</summary>
    public static string Name(IReadOnlyList<string> devices) => devices.Count > 0 && devices.All(device => device.StartsWith("cuda", StringComparison.Ordinal)) ? "GPU-hours" : "Device hours";
}
