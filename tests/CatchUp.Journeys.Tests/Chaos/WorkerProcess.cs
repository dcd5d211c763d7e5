using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CatchUp.Journeys.Tests.Platform;

namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>A worker as it runs on a machine of its own: the worker's program, its home, the broker and the server's address.</summary>
internal sealed class WorkerProcess(string name, IReadOnlyDictionary<string, string> environment) : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TemporaryFolder _home = new();
    private Process? _process;

    public string Name => name;

    public string Attempts => Path.Combine(_home.Path, "attempts");

    public string Output => string.Join('\n', _output);

    public void Launch()
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Worker]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _home.Path };
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        start.Environment["CATCHUP_HOME"] = _home.Path;
        start.Environment["CATCHUP_WORKER_NAME"] = name;
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

    /// <summary>kill -9 of the trainer that works in a run directory. False when it has ended by itself.</summary>
    public static bool KillTrainer(string directory)
    {
        foreach (var trainer in Trainers(directory))
        {
            trainer.Kill();
            trainer.WaitForExit();
            trainer.Dispose();
            return true;
        }

        return false;
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

            if (command.Contains("CatchUp.Trainer", StringComparison.Ordinal) && command.Contains(folder, StringComparison.Ordinal))
            {
                yield return Process.GetProcessById(int.Parse(process!, CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>Stops the worker and its trainers in their tracks (SIGSTOP), or lets them go on (SIGCONT).</summary>
    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", .. new[] { _process! }.Concat(Trainers(_home.Path)).Select(process => process.Id.ToString(CultureInfo.InvariantCulture))]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        _home.Dispose();
    }

    private void Remember(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
        }
    }
}
