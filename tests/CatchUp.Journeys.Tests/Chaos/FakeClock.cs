using System.Diagnostics;

namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>A wall clock that the processes started with <see cref="Environment"/> read instead of the machine's; see clock.c.</summary>
internal sealed class FakeClock
{
    private static readonly Lazy<string?> Library = new(Build);

    private readonly string _file;

    public FakeClock(string file)
    {
        Assert.SkipWhen(Library.Value is null, "A clock that can be set needs a C compiler: apt-get install gcc libc6-dev.");
        _file = file;
        Set(TimeSpan.Zero);
    }

    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { ["LD_PRELOAD"] = Library.Value!, ["TEST_CLOCK"] = _file };

    public void Set(TimeSpan offset)
    {
        using var file = new FileStream(_file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        file.Write(BitConverter.GetBytes((long)offset.TotalSeconds));
    }

    private static string? Build()
    {
        var (source, library) = (Path.Combine(AppContext.BaseDirectory, "Chaos", "clock.c"), Path.Combine(AppContext.BaseDirectory, "Chaos", "clock.so"));
        try
        {
            using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", library, source]);
            compiler.WaitForExit();
            Assert.True(compiler.ExitCode == 0, "The compiler refuses clock.c.");
            return library;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
