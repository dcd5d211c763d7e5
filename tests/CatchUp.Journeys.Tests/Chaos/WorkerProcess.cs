using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CatchUp.Journeys.Tests.Platform;

namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>A worker as it runs on a machine of its own: the worker's program, its home, the broker and the server's address.</summary>
/// <param name="name">Its name on the Workers page.</param>
/// <param name="home">Its disk.</param>
/// <param name="clock">Its machine's clock; null: this machine's.</param>
internal sealed class WorkerProcess(string name, string home, FakeClock? clock = null) : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    public string Home => home;

    /// <summary>Where broker and server are, and what lets it in. It knows neither the database nor the administrator's password.</summary>
    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    public string Attempts => Path.Combine(home, "attempts");

    public FakeClock? Clock => clock;

    public string Output => string.Join('\n', _output);

    public void Launch()
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Worker]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var (variable, value) in Environment.Concat(clock?.Environment ?? new Dictionary<string, string>()))
        {
            start.Environment[variable] = value;
        }

        start.Environment["CATCHUP_HOME"] = home;
        start.Environment["CATCHUP_WORKER_NAME"] = name;
        start.Environment["CATCHUP_TRAINER"] = Repository.Trainer;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Remember(line.Data);
        _process.ErrorDataReceived += (_, line) => Remember(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>kill -9 of the worker alone; its trainers are left to notice.</summary>
    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync();
    }

    /// <summary>kill -9 of the trainer that works in a run directory.</summary>
    /// <param name="directory">The run directory.</param>
    /// <param name="known">The trainer, where somebody has found it already.</param>
    /// <returns>False when there is none, or it has ended by itself.</returns>
    public static async Task<bool> KillTrainerAsync(string directory, Process? known = null)
    {
        using var trainer = known ?? Trainers(directory).FirstOrDefault();
        if (trainer is null or { HasExited: true })
        {
            return false;
        }

        trainer.Kill();
        await trainer.WaitForExitAsync();
        return true;
    }

    /// <summary>Trainers that work below a folder.</summary>
    public static IEnumerable<Process> Trainers(string folder)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(id => int.TryParse(id, out _)))
        {
            string command;
            try
            {
                command = File.ReadAllText($"/proc/{process}/cmdline");
            }
            catch (IOException)
            {
                continue;
            }

            if (command.Contains("CatchUp.Trainer", StringComparison.Ordinal) && command.Contains(folder, StringComparison.Ordinal) && Find(process!) is { } found)
            {
                yield return found;
            }
        }
    }

    /// <summary>Stops the worker and its trainers in their tracks (SIGSTOP), or lets them go on (SIGCONT).</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", .. new[] { _process! }.Concat(Trainers(home)).Select(process => process.Id.ToString(CultureInfo.InvariantCulture))]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
    }

    private static Process? Find(string id)
    {
        try
        {
            return Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
        }
        catch (ArgumentException)
        {
            return null; // it has just ended
        }
    }

    private void Remember(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
        }
    }
}
