using System.Collections.Concurrent;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Contracts.Workers;
using MassTransit;

namespace CatchUp.Worker.Tests;

/// <summary>Gives runs out and stores journals by the coordinator's rules, in memory, and can be told to misbehave.</summary>
public sealed class TestCoordinator
{
    private readonly Lock gate = new();
    private readonly Queue<RunAssigned> queue = new();
    private readonly Dictionary<Guid, RunAssigned?> answered = [];
    private readonly Dictionary<(long, int), List<JournalEntry>> journals = [];
    private readonly HashSet<(long, int)> superseded = [];

    public ConcurrentQueue<RequestRun> Requests { get; } = new();

    public ConcurrentQueue<ShipJournal> Batches { get; } = new();

    public ConcurrentQueue<Heartbeat> Heartbeats { get; } = new();

    public ConcurrentDictionary<(long, int), OrderKind> Orders { get; } = new();

    /// <summary>What heartbeats are answered with.</summary>
    public WorkerStanding Standing { get; set; }

    /// <summary>Called with each batch before its answer; what it throws is what the worker gets.</summary>
    public Func<ShipJournal, Task> BeforeStoring { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called when a batch is stored and before its answer: to lose the answer.</summary>
    public Func<ShipJournal, Task> AfterStoring { get; set; } = _ => Task.CompletedTask;

    public Func<RequestRun, Task> AfterClaiming { get; set; } = _ => Task.CompletedTask;

    public TestCoordinator Queue(long run, string behaviour, int attempt = 1, CheckpointReference? checkpoint = null)
    {
        lock (gate)
        {
            queue.Enqueue(new RunAssigned { RunId = run, Attempt = attempt, Name = behaviour, Specification = new RunSpecification(), Checkpoint = checkpoint, LeaseSeconds = 20 });
            journals.TryAdd((run, attempt), []);
        }

        return this;
    }

    /// <summary>An attempt that was given out to an earlier worker and has that much stored.</summary>
    public TestCoordinator Know(long run, int attempt, params JournalEntry[] stored)
    {
        lock (gate)
        {
            journals[(run, attempt)] = [.. stored];
        }

        return this;
    }

    public void Supersede(long run, int attempt)
    {
        lock (gate)
        {
            superseded.Add((run, attempt));
        }
    }

    public IReadOnlyList<JournalEntry> Stored(long run, int attempt = 1)
    {
        lock (gate)
        {
            return journals.TryGetValue((run, attempt), out var stored) ? [.. stored] : [];
        }
    }

    public async Task<AttemptEnded> EndOfAsync(long run, int attempt = 1)
    {
        await Until.TrueAsync(() => Stored(run, attempt).OfType<AttemptEnded>().Any());
        return Assert.IsType<AttemptEnded>(Stored(run, attempt)[^1]);
    }

    internal RunAssigned? Claim(RequestRun request)
    {
        lock (gate)
        {
            Requests.Enqueue(request);
            if (!answered.TryGetValue(request.RequestId, out var run))
            {
                answered[request.RequestId] = run = queue.TryDequeue(out var next) ? next : null;
            }

            return run;
        }
    }

    /// <returns>The position; null when superseded.</returns>
    internal long? Store(ShipJournal batch)
    {
        lock (gate)
        {
            if (superseded.Contains((batch.RunId, batch.Attempt)) || !journals.TryGetValue((batch.RunId, batch.Attempt), out var stored))
            {
                return null;
            }

            Batches.Enqueue(batch);
            if (batch.Entries.Count > 0 && batch.Entries[0].Number == stored.Count + 1)
            {
                stored.AddRange(batch.Entries);
            }

            return stored.Count;
        }
    }

    public sealed class RequestRunConsumer(TestCoordinator coordinator) : IConsumer<RequestRun>
    {
        public async Task Consume(ConsumeContext<RequestRun> context)
        {
            var run = coordinator.Claim(context.Message);
            await coordinator.AfterClaiming(context.Message);
            await (run is null ? context.RespondAsync(new NothingToDo()) : context.RespondAsync(run));
        }
    }

    public sealed class ShipJournalConsumer(TestCoordinator coordinator) : IConsumer<ShipJournal>
    {
        public async Task Consume(ConsumeContext<ShipJournal> context)
        {
            await coordinator.BeforeStoring(context.Message);
            var position = coordinator.Store(context.Message);
            await coordinator.AfterStoring(context.Message);
            await (position is { } stored ? context.RespondAsync(new JournalStored { Position = stored }) : context.RespondAsync(new AttemptSuperseded()));
        }
    }

    public sealed class HeartbeatConsumer(TestCoordinator coordinator) : IConsumer<Heartbeat>
    {
        public Task Consume(ConsumeContext<Heartbeat> context)
        {
            var beat = context.Message;
            coordinator.Heartbeats.Enqueue(beat);
            return context.RespondAsync(new HeartbeatAnswer
            {
                Standing = coordinator.Standing,
                Reason = "As the test wants it.",
                Orders = [.. from slot in beat.Slots
                             where slot.RunId is not null
                             let attempt = (slot.RunId!.Value, slot.Attempt!.Value)
                             select new AttemptOrder { RunId = attempt.Item1, Attempt = attempt.Item2, Incarnation = beat.Incarnation, Order = coordinator.Orders.GetValueOrDefault(attempt) }],
            });
        }
    }
}
