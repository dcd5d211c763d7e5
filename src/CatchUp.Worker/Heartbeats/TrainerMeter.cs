using CatchUp.Contracts.Workers;
using CatchUp.Worker.Attempts;

namespace CatchUp.Worker.Heartbeats;

/// <summary>Measures what is in one slot.</summary>
internal sealed class TrainerMeter
{
    private LiveAttempt? measured;
    private TimeSpan processor;
    private long at;

    /// <returns>Null when there is nothing to say, as at the first look at an attempt.</returns>
    public SystemSample? Measure(LiveAttempt? attempt, double? machine, TimeProvider clock)
    {
        var usage = attempt?.Usage();
        var (before, since, same) = (processor, at, ReferenceEquals(attempt, measured));
        measured = usage is null ? null : attempt;
        (processor, at) = (usage?.Processor ?? default, clock.GetTimestamp());
        if (usage is null || !same)
        {
            return null;
        }

        var values = new Dictionary<string, double>
        {
            // As top counts it: 100 is one processor.
            ["system/cpu_percent"] = 100 * (processor - before) / clock.GetElapsedTime(since, at),
            ["system/memory_bytes"] = usage.Value.Memory,
        };
        if (machine is { } percent)
        {
            values["system/machine_cpu_percent"] = percent;
        }

        return new SystemSample(clock.GetUtcNow(), values);
    }
}
