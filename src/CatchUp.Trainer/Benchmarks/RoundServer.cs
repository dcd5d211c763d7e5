using System.Diagnostics;
using System.Text.Json;
using TorchSharp;

namespace CatchUp.Trainer.Benchmarks;

/// <summary>
/// Makes a round of a workload whenever standard input says <c>go</c>, and answers with how long it took: one JSON object a line,
/// the first one when it is ready. So two programs can take turns on one machine. It ends with its input.
/// </summary>
internal static class RoundServer
{
    public static void Serve(Workload workload, TextReader input, TextWriter output)
    {
        Write(new { unit = workload.Unit, unitsPerRound = workload.UnitsPerRound, threads = torch.get_num_threads(), facts = workload.Facts });
        while (input.ReadLine() is { } word)
        {
            if (word.Trim() != "go")
            {
                continue;
            }

            var (started, clock) = (DateTimeOffset.UtcNow, Stopwatch.GetTimestamp());
            var result = workload.Round();
            Write(new { started, seconds = Stopwatch.GetElapsedTime(clock).TotalSeconds, result });
        }

        void Write(object line)
        {
            output.WriteLine(JsonSerializer.Serialize(line, JsonSerializerOptions.Web));
            output.Flush();
        }
    }
}
