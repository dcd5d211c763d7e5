using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Workers;
using CatchUp.Hosting.Bus;
using MassTransit;
using Microsoft.Extensions.Options;

namespace CatchUp.Worker.Shipping;

/// <summary>The worker's questions to the coordinator over the bus. Each may time out or fail; the caller asks again.</summary>
internal sealed class Coordinator(IBus bus, WorkerIdentity identity, IOptions<WorkerOptions> options)
{
    private readonly TimeSpan timeout = options.Value.RequestTimeout;

    /// <returns>The slot's run; null when there is nothing to do.</returns>
    public async Task<RunAssigned?> RequestRunAsync(int slot, Guid request, WorkerCapabilities capabilities, CancellationToken cancellation)
    {
        var question = new RequestRun { Worker = identity.Name, Incarnation = identity.Incarnation, Slot = slot, RequestId = request, Capabilities = capabilities };
        var answer = await bus.AskAsync<RequestRun, RunAssigned, NothingToDo>(question, timeout, cancellation);
        return answer.Is(out Response<RunAssigned>? assigned) ? assigned.Message : null;
    }

    /// <returns>The stored position; null when the attempt is superseded.</returns>
    public async Task<long?> ShipAsync(long run, int attempt, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation)
    {
        var batch = new ShipJournal { RunId = run, Attempt = attempt, Entries = entries };
        var answer = await bus.AskAsync<ShipJournal, JournalStored, AttemptSuperseded>(batch, timeout, cancellation);
        return answer.Is(out Response<JournalStored>? stored) ? stored.Message.Position : null;
    }

    public async Task<HeartbeatAnswer> BeatAsync(IReadOnlyList<SlotStatus> slots, CancellationToken cancellation)
    {
        var heartbeat = new Heartbeat { Worker = identity.Name, Incarnation = identity.Incarnation, Version = identity.Version, Token = identity.Token, Slots = slots };
        return (await bus.AskAsync<Heartbeat, HeartbeatAnswer>(heartbeat, timeout, cancellation)).Message;
    }
}
