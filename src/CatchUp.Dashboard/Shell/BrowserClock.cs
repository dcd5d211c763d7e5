using System.Globalization;

namespace CatchUp.Dashboard.Shell;

/// <summary>The time zone of the browser behind a circuit, and one slow tick for all the relative times it shows.</summary>
public sealed class BrowserClock : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;

    public BrowserClock(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => Ticked?.Invoke(), null, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15));
    }

    /// <summary>Raised on a timer's thread.</summary>
    public event Action? Ticked;

    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>The browser's zone; UTC until it has told.</summary>
    public TimeZoneInfo Zone => _zone;

    /// <summary>Takes an IANA name as browsers give it; an unknown one leaves UTC.</summary>
    public void UseZone(string? name)
    {
        if (name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            _zone = zone;
        }
    }

    /// <summary>"2026-03-14 22:41:07 (Europe/Berlin)".</summary>
    public string Exact(DateTimeOffset at) => $"{TimeZoneInfo.ConvertTime(at, _zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} ({_zone.Id})";

    /// <summary>"22:41:07" in the browser's zone.</summary>
    public string TimeOfDay(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, _zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public void Dispose() => _timer.Dispose();
}
