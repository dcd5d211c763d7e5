using CatchUp.Contracts.Workers;
using CatchUp.Worker.Machine;
using CatchUp.Worker.Shipping;
using CatchUp.Worker.Slots;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CatchUp.Worker.Heartbeats;

/// <summary>Tells the coordinator what is alive, which extends the leases, and carries out the orders that come back.</summary>
internal sealed partial class HeartbeatLoop(Coordinator coordinator, SlotBoard slots, Capabilities capabilities, Admission admission, IOptions<WorkerOptions> options, TimeProvider clock, ILogger<HeartbeatLoop> logger)
{
    private readonly MachineLoad machine = new();
    private readonly TrainerMeter[] meters = [.. Enumerable.Range(0, slots.Count).Select(_ => new TrainerMeter())];
    private long? measuredAt;

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(options.Value.HeartbeatInterval, clock);
        do
        {
            try
            {
                var answer = await coordinator.BeatAsync(Describe(), stopping);
                admission.Hear(answer);
                foreach (var order in answer.Orders)
                {
                    slots.Execute(order);
                }
            }
            catch (Exception problem) when (!stopping.IsCancellationRequested)
            {
                Log.NoAnswer(logger, problem.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private List<SlotStatus> Describe()
    {
        var due = measuredAt is not { } last || clock.GetElapsedTime(last) + TimeSpan.FromMilliseconds(500) >= options.Value.MeasureInterval;
        if (due)
        {
            measuredAt = clock.GetTimestamp();
        }

        var load = due ? machine.Measure() : null;
        return [.. Enumerable.Range(0, slots.Count).Select(slot =>
        {
            var attempt = slots[slot];
            return new SlotStatus
            {
                Slot = slot,
                Capabilities = capabilities.Describe(slot, attempt is not null),
                RunId = attempt?.Run,
                Attempt = attempt?.Attempt,
                Phase = attempt?.Phase,
                System = due && meters[slot].Measure(attempt, load, clock) is { } sample ? [sample] : [],
            };
        })];
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A heartbeat got no answer: {Problem}")]
        public static partial void NoAnswer(ILogger logger, string problem);
    }
}
