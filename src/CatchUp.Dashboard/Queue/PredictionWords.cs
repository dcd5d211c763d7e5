using CatchUp.Contracts.Runs;
using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Queue;
using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Queue;

/// <summary>Predictions in words, with what they rest on.</summary>
public static class PredictionWords
{
    public static string Basis(PredictionBasis basis) => basis switch
    {
        PredictionBasis.SameRunsAndDevice => "From runs of the same network, objective and batch on the same device.",
        PredictionBasis.SameRuns => "From runs of the same network, objective and batch on other devices.",
        PredictionBasis.Project => "Rough: from other runs of the project.",
        PredictionBasis.Any => "Very rough: from runs of other projects.",
        _ => "No run like it has been measured yet.",
    };

    /// <summary>"~" before what is rough.</summary>
    public static string Mark(PredictionBasis basis) => basis is PredictionBasis.Project or PredictionBasis.Any ? "~ " : "";

    /// <summary>"predicted 02:10, ended 02:25, 15 min later"; null while one of the two is missing, and for what ended otherwise than was predicted.</summary>
    public static string? Error(RunSummary run, BrowserClock clock)
    {
        if (run is not { State: RunState.Completed, PredictedEnd: { } predicted, EndedAt: { } ended })
        {
            return null;
        }

        var error = ended - predicted;
        var words = error.Duration() < TimeSpan.FromMinutes(1) ? "as predicted" : $"{Figures.Duration(error.Duration())} {(error > TimeSpan.Zero ? "later" : "earlier")}";
        return $"predicted {clock.TimeOfDay(predicted)[..5]}, ended {clock.TimeOfDay(ended)[..5]}, {words}";
    }

    /// <summary>"in 3 h", or why that is not known.</summary>
    public static string Finish(SweepForecast forecast, DateTimeOffset now) => forecast switch
    {
        { Open: 0 } => "nothing is left to do",
        { End: null } => "unknown: no run like these has been measured yet, or nothing can take them now",
        { End: { } end, Unknown: 0 } => Figures.Relative(end, now),
        { End: { } end } => $"{Figures.Relative(end, now)} or later: for {Figures.Plural(forecast.Unknown, "run", "runs")} it is unknown",
    };
}
