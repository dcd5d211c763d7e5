using System.Diagnostics;
using System.Text.Json;

namespace CatchUp.Benchmarks;

/// <summary>
/// One side of a comparison: a process that makes a round of its work whenever it is told, and says how long it took. While the
/// other side works it waits for its input and uses no processor.
/// </summary>
internal sealed class Rival : IDisposable
{
    private readonly string name;
    private readonly Process process;
    private readonly List<string> errors = [];

    public Rival(string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        this.name = name;
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        process = new Process { StartInfo = start };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
            {
                errors.Add(line.Data ?? "");
            }
        };
        process.Start();
        process.BeginErrorReadLine();
        try
        {
            var ready = Answer();
            UnitsPerRound = ready.GetProperty("unitsPerRound").GetInt32();
            Threads = ready.GetProperty("threads").GetInt32();
            Facts = ready.GetProperty("facts");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int UnitsPerRound { get; }

    public int Threads { get; }

    /// <summary>What it told of itself when it was ready.</summary>
    public JsonElement Facts { get; }

    /// <summary>The most resident memory so far, in MiB.</summary>
    public double PeakMemory => Memory(current => current.PeakWorkingSet64);

    /// <summary>Resident memory now, in MiB.</summary>
    public double ResidentMemory => Memory(current => current.WorkingSet64);

    /// <summary>Makes one round.</summary>
    public Round Make()
    {
        process.StandardInput.WriteLine("go");
        process.StandardInput.Flush();
        var answer = Answer();
        return new Round(
            answer.GetProperty("started").GetDateTimeOffset(),
            TimeSpan.FromSeconds(answer.GetProperty("seconds").GetDouble()),
            answer.GetProperty("seconds").GetDouble() / UnitsPerRound,
            answer.GetProperty("result").GetDouble());
    }

    /// <summary>Ends it as its input ends, so that it can write what it has to.</summary>
    public void End()
    {
        process.StandardInput.Close();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    private JsonElement Answer()
    {
        if (process.StandardOutput.ReadLine() is { } line)
        {
            return JsonDocument.Parse(line).RootElement;
        }

        process.WaitForExit();
        lock (errors)
        {
            throw new BenchmarkException($"{name} ended. {string.Join('\n', errors)}");
        }
    }

    private double Memory(Func<Process, long> bytes)
    {
        process.Refresh();
        return bytes(process) / 1048576.0;
    }
}
