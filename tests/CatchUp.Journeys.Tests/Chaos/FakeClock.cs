using System.Globalization;

namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>A wall clock that the processes started with <see cref="Environment"/> read instead of the machine's. The monotonic clock stays true, as it does when a machine's time is set.</summary>
internal sealed class FakeClock
{
    private const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

    private readonly string _file;

    public FakeClock(string file)
    {
        Assert.SkipWhen(!File.Exists(Library), "libfaketime is not installed: apt-get install libfaketime.");
        _file = file;
        Set(TimeSpan.Zero);
    }

    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Library,
        ["FAKETIME_TIMESTAMP_FILE"] = _file,
        ["FAKETIME_CACHE_DURATION"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        ["FAKETIME_DONT_RESET"] = "1",
    };

    public void Set(TimeSpan offset)
    {
        // Renamed into place: a process that reads it meanwhile would see an empty one.
        File.WriteAllText(_file + ".new", string.Create(CultureInfo.InvariantCulture, $"{offset.TotalSeconds:+0;-0;+0}\n"));
        File.Move(_file + ".new", _file, overwrite: true);
    }
}
