using System.Diagnostics;

namespace CatchUp.Dashboard.Tests.Startup;

/// <summary>The dashboard as a user starts it: its own process, from its own output folder.</summary>
internal sealed class DashboardProcess : IDisposable
{
    private readonly Process process;
    private readonly List<string> lines = [];
    private readonly Task reading;
    private readonly Task<string> errors;

    private DashboardProcess(Process process)
    {
        this.process = process;
        reading = ReadAsync();
        errors = process.StandardError.ReadToEndAsync();
    }

    public static DashboardProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Program);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["CATCHUP_TRAINER"] = TestHome.Trainer;
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("CATCHUP_", StringComparison.Ordinal) && name != "CATCHUP_TRAINER").ToList())
        {
            start.Environment.Remove(name);
        }

        return new DashboardProcess(Process.Start(start)!);
    }

    /// <summary>Waits for a line that it prints.</summary>
    public async Task<string> LineAsync(string beginning)
    {
        while (true)
        {
            lock (lines)
            {
                if (lines.Find(line => line.StartsWith(beginning, StringComparison.Ordinal)) is { } found)
                {
                    return found;
                }
            }

            Assert.False(reading.IsCompleted, $"It ended without the line '{beginning}'.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>SIGKILL: no handler runs.</summary>
    public async Task KillAsync()
    {
        process.Kill(entireProcessTree: false);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What Ctrl+C sends.</summary>
    public void Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<(int Status, string Output, string Errors)> EndAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await reading;
        return (process.ExitCode, string.Join('\n', lines), await errors);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }

    /// <summary>tests/X/bin/Debug/net10.0 → src/CatchUp.Dashboard/bin/Debug/net10.0.</summary>
    private static string Program
    {
        get
        {
            var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
            var configuration = framework.Parent!;
            var repository = configuration.Parent!.Parent!.Parent!.Parent!;
            return Path.Combine(repository.FullName, "src", "CatchUp.Dashboard", "bin", configuration.Name, framework.Name, "CatchUp.Dashboard.dll");
        }
    }

    private async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (lines)
            {
                lines.Add(line);
            }
        }
    }
}
