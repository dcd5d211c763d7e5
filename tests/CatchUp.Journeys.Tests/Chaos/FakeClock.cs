using System.Diagnostics;

namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>A wall clock that the processes started with <see cref="Environment"/> read instead of the machine's; see clock.c.</summary>
internal sealed class FakeClock
{
    private static readonly Lazy<string?> Library = new(Build);

    private readonly string _file;
    private readonly string _library;

    public FakeClock(string file)
    {
        AssertAvailable();
        (_file, _library) = (file, Library.Value!);
        Set(TimeSpan.Zero);
    }

    private FakeClock(string file, string library)
        : this(file)
    {
        File.Copy(Library.Value!, library, overwrite: true);
        _library = library;
    }

    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { ["LD_PRELOAD"] = _library, ["TEST_CLOCK"] = _file };

    public static void AssertAvailable() => Assert.SkipWhen(Library.Value is null, "A clock that can be set needs a C compiler: apt-get install gcc libc6-dev.");

    /// <summary>With all of it in a folder, for a process of a user who can read nothing else of the test's.</summary>
    public static FakeClock In(string folder) => new(Path.Combine(folder, "clock"), Path.Combine(folder, "clock.so"));

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
