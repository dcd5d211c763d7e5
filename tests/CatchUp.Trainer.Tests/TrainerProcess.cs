using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;

namespace CatchUp.Trainer.Tests;

/// <summary>The real, built trainer, started as its worker starts it.</summary>
internal sealed class TrainerProcess : IDisposable
{
    private readonly ConcurrentQueue<string> errors = new();
    private readonly ConcurrentQueue<string> output = new();
    private readonly Process process;

    private TrainerProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => errors.Enqueue(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public static string RepositoryFolder => Path.GetFullPath(Metadata("RepositoryPath"));

    public string Errors => string.Join('\n', errors);

    public string Output => string.Join('\n', output);

    public StreamWriter Input => process.StandardInput;

    public static TrainerProcess Start(params string[] arguments) => Start(new Dictionary<string, string>(), arguments);

    /// <param name="environment">Variables beside this process's own.</param>
    public static TrainerProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Metadata("TrainerPath"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // One thread: the networks are too small for two, and other tests need the rest.
        start.Environment["CATCHUP_THREADS"] = "1";
        start.Environment["OMP_NUM_THREADS"] = "1";
        // What this machine's owner has set is not part of a test.
        foreach (var name in (string[])["CATCHUP_DATA", "CATCHUP_DOWNLOAD", "CATCHUP_MIRROR", "CATCHUP_EXTRACTORS"])
        {
            start.Environment[name] = environment.GetValueOrDefault(name, "");
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new TrainerProcess(new Process { StartInfo = start });
    }

    /// <summary>Runs a trainer to its end.</summary>
    public static Task<TrainerResult> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string>(), arguments);

    /// <summary>Runs a trainer with variables of its environment set to its end.</summary>
    public static async Task<TrainerResult> RunAsync(IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        using var trainer = Start(environment, arguments);
        return await trainer.ExitAsync();
    }

    public async Task<TrainerResult> ExitAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new TrainerResult(process.ExitCode, Output, Errors);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until the journal has an entry.</summary>
    public async Task<IReadOnlyList<JournalEntry>> WaitForAsync(string directory, Func<JournalEntry, bool> entry)
    {
        while (true)
        {
            var journal = Journal(directory);
            if (journal.Any(entry))
            {
                return journal;
            }

            Assert.False(process.HasExited, $"The trainer ended without the awaited entry. {Errors}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The whole lines of a run directory's journal.</summary>
    public static IReadOnlyList<JournalEntry> Journal(string directory)
    {
        var path = Path.Combine(directory, "journal.ndjson");
        if (!File.Exists(path))
        {
            return [];
        }

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var lines = reader.ReadToEnd().Split('\n')[..^1];
        return [.. lines.Select(line => JsonSerializer.Deserialize<JournalEntry>(line, ContractJson.Options)!)];
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    private static string Metadata(string key) =>
        typeof(TrainerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
