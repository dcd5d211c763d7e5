using CatchUp.Tracking.Metrics;

namespace CatchUp.Dashboard.Charts;

/// <summary>Axes of curves as people write them.</summary>
internal static class AxisWords
{
    public static IReadOnlyList<(CurveAxis Axis, string Key, string Name, string Explanation)> All { get; } =
    [
        (CurveAxis.Step, "step", "Steps", "Optimizer updates"),
        (CurveAxis.Images, "images", "Images seen", "Steps times the run's batch size"),
        (CurveAxis.Time, "time", "Wall time", "Since the run's first attempt began; pauses and waiting between attempts are counted"),
        (CurveAxis.Device, "device", "Device hours", "Time in which the run's attempts held a GPU, or the processor where there is none; lost work is counted, waiting is not"),
    ];

    public static bool TryParse(string? key, out CurveAxis axis)
    {
        var found = All.FirstOrDefault(one => one.Key == key);
        axis = found.Axis;
        return found.Key is not null;
    }

    public static string KeyOf(CurveAxis axis) => All.First(one => one.Axis == axis).Key;

    /// <summary>At the chart's lower edge.</summary>
    public static string Label(CurveAxis axis, bool system) => (axis, system) switch
    {
        (CurveAxis.Time, _) => "wall time",
        (_, true) => "seconds",
        (CurveAxis.Images, _) => "images seen",
        (CurveAxis.Device, _) => "device time",
        _ => "step",
    };

    /// <summary>"12,000", "2 h 14 min".</summary>
    public static string Place(CurveAxis axis, double place) => axis is CurveAxis.Time or CurveAxis.Device ? Shell.Figures.Duration(TimeSpan.FromSeconds(place)) : Shell.Figures.Count((long)place);
}
