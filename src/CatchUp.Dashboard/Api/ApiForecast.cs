using CatchUp.Tracking.Queue;

namespace CatchUp.Dashboard.Api;

/// <summary>When a sweep is expected to have ended.</summary>
/// <param name="Open">Runs that wait or run.</param>
/// <param name="Unknown">Those of them whose end is unknown: no run like them has been measured yet, or they wait for something without an end.</param>
internal sealed record ApiForecast(int Open, int Unknown, DateTimeOffset? End, bool MissesDeadline)
{
    public static ApiForecast? From(SweepForecast? forecast) => forecast is null ? null : new(forecast.Open, forecast.Unknown, forecast.End, forecast.MissesDeadline);
}
