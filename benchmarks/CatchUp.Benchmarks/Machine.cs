using System.Diagnostics;
using System.Globalization;

namespace CatchUp.Benchmarks;

/// <summary>Where and when figures were made.</summary>
internal static class Machine
{
    /// <summary>One line for under a table. The load is that at the call: call it before the work.</summary>
    public static string Describe(string circumstances, string repository)
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor";
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return string.Create(CultureInfo.InvariantCulture, $"{processor}, {Environment.ProcessorCount} cores, {circumstances}, load {load} before; {DateTime.UtcNow:yyyy-MM-dd}, commit {Commit(repository)}.");
    }

    private static string Commit(string repository)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", repository, "rev-parse", "--short", "HEAD"]) { RedirectStandardOutput = true })!;
        var commit = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return commit.Length > 0 ? commit : "unknown";
    }
}
