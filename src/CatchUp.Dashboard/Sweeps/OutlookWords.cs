using CatchUp.Dashboard.Queue;
using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Launching;

namespace CatchUp.Dashboard.Sweeps;

/// <summary>What launching a sweep would mean, in words.</summary>
internal static class OutlookWords
{
    /// <summary>"4 h 10 min (25 min a run)"; with early stopping a range.</summary>
    public static string Time(SweepOutlook outlook) => outlook switch
    {
        { DeviceTime: not { } } => "unknown: no run like these has been measured yet",
        { DeviceTime: { } all, LeastDeviceTime: { } least } => $"{PredictionWords.Mark(outlook.Basis)}{Hours(least)} to {Hours(all)} ({Figures.Duration(outlook.RunLength!.Value)} a run that finishes)",
        { DeviceTime: { } all } => $"{PredictionWords.Mark(outlook.Basis)}{Hours(all)} ({Figures.Duration(outlook.RunLength!.Value)} a run)",
    };

    /// <summary>"saves up to 62 % of it"; null when nothing stops early.</summary>
    public static string? Saving(SweepOutlook outlook) => outlook.MostSaved is { } most ? $"saves from nothing to {most:P0} of the steps, as the values fall" : null;

    public static string Finish(SweepOutlook outlook, DateTimeOffset now) => outlook switch
    {
        { Forecast: null } => "not predicted for so many runs",
        { Forecast: { End: not null } forecast, MostSaved: not null } => $"{PredictionWords.Finish(forecast, now)}, or sooner",
        { Forecast: { } forecast } => PredictionWords.Finish(forecast, now),
    };

    public static string Disk(SweepOutlook outlook) => outlook.DiskBytes switch
    {
        null => "unknown",
        0 => "nothing: it trains nothing",
        { } bytes => $"{(outlook.DiskIsMeasured ? "" : "about ")}{Figures.Bytes(bytes)} of checkpoints kept",
    };

    /// <summary>Device time is paid by the hour: above a few of them, hours say more than days.</summary>
    private static string Hours(TimeSpan time) => time.TotalHours >= 10 ? $"{Figures.Count((long)time.TotalHours)} h" : Figures.Duration(time);
}
