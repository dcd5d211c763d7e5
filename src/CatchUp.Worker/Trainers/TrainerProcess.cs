using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CatchUp.Worker.Attempts;

namespace CatchUp.Worker.Trainers;

/// <summary>A trainer at work on one attempt. It hears <c>pause</c> and <c>cancel</c> on its standard input, whose end tells it that its worker is gone.</summary>
internal sealed class TrainerProcess : IDisposable
{
    private readonly Process process;
    private readonly LastLines errors = new();
    private readonly Task errorsRead;

    private TrainerProcess(Process process)
    {
        this.process = process;
        errorsRead = errors.ReadAsync(process.StandardError);
        // A pipe that nobody empties would stop the trainer.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        Exited = ExitedAsync();
    }

    /// <summary>The exit status; 128 + n for a process ended by signal n.</summary>
    public Task<int> Exited { get; }

    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program, or it may not be run.</exception>
    public static TrainerProcess Start(WorkerOptions options, AttemptDirectory directory)
    {
        var start = new ProcessStartInfo
        {
            FileName = options.Trainer,
            WorkingDirectory = directory.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (options.Trainer.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
        {
            start.FileName = Path.Combine(DotnetRoot, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
            start.ArgumentList.Add(options.Trainer);
        }

        foreach (var argument in (string[])["train", directory.RunFile, "--out", directory.Path, "--supervised"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["CATCHUP_THREADS"] = options.Threads.ToString(CultureInfo.InvariantCulture);
        start.Environment["CATCHUP_DATA"] = options.DataDirectory ?? "";
        start.Environment["CATCHUP_DOWNLOAD"] = options.DownloadDatasets ? "1" : "";
        if (options.ExtractorDirectory is { } extractors)
        {
            start.Environment["CATCHUP_EXTRACTORS"] = extractors;
        }

        // As nvidia-smi counts, so that cuda:1 is the card whose memory was told.
        start.Environment.TryAdd("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
        // How long a thread without work spins before it sleeps: docs/decisions.md, "Threads that wait spin a little".
        start.Environment.TryAdd("GOMP_SPINCOUNT", "1000");
        // The trainer's own launcher looks for .NET in fixed places only; ours may be elsewhere.
        start.Environment.TryAdd("DOTNET_ROOT", DotnetRoot);
        var process = Process.Start(start)!;
        GiveWay(process);
        return new TrainerProcess(process);
    }

    /// <summary>Where a processor is short, training waits for heartbeats and pages, not they for it: they need little, and at once.</summary>
    private static void GiveWay(Process process)
    {
        try
        {
            process.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception problem) when (problem is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It was gone already, or its worker has an even lower priority, above which it may not be lifted.
        }
    }

    /// <summary>Says a word to the trainer; a trainer that is gone does not hear it.</summary>
    public void Say(string word)
    {
        try
        {
            process.StandardInput.WriteLine(word);
            process.StandardInput.Flush();
        }
        catch (Exception problem) when (problem is IOException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    /// <summary>Ends its standard input: it leaves within one step.</summary>
    public void CloseInput()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (Exception problem) when (problem is IOException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    public void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception problem) when (problem is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It was gone already.
        }
    }

    /// <summary>The end of its standard error.</summary>
    public IReadOnlyList<string> LastErrors() => errors.Get();

    /// <summary>Processor time so far and memory now; null once it is gone.</summary>
    public (TimeSpan Processor, long Memory)? Usage()
    {
        try
        {
            process.Refresh();
            return (process.TotalProcessorTime, process.WorkingSet64);
        }
        catch (Exception problem) when (problem is InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException)
        {
            return null;
        }
    }

    public void Dispose() => process.Dispose();

    /// <summary>Where the .NET that runs this process is installed.</summary>
    private static string DotnetRoot { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private async Task<int> ExitedAsync()
    {
        await process.WaitForExitAsync();
        // A grandchild may keep the pipe open; its words are not worth waiting for.
        await Task.WhenAny(errorsRead, Task.Delay(TimeSpan.FromSeconds(1)));
        return process.ExitCode;
    }
}
