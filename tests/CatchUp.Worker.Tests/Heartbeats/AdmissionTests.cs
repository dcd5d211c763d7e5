using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Workers;

namespace CatchUp.Worker.Tests.Heartbeats;

/// <summary>What becomes of a worker that the server does not want, or not now.</summary>
public sealed class AdmissionTests : IDisposable
{
    private const int Limit = 60_000;

    private readonly TestFolder folder = new();
    private readonly TestCoordinator coordinator = new();

    public void Dispose() => folder.Dispose();

    [Theory(Timeout = Limit)]
    [InlineData(WorkerStanding.Refused)]
    [InlineData(WorkerStanding.Removed)]
    public async Task A_worker_that_is_not_wanted_ends_without_asking_for_a_run(WorkerStanding standing)
    {
        coordinator.Standing = standing;
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "complete"));

        await Until.TrueAsync(() => worker.Stopping.IsCancellationRequested);

        Assert.Empty(coordinator.Requests);
    }

    [Fact(Timeout = Limit)]
    public async Task A_worker_that_is_removed_while_it_trains_ends()
    {
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "deaf"));
        await Until.TrueAsync(() => coordinator.Stored(7).OfType<PointsLogged>().Any());
        Assert.False(worker.Stopping.IsCancellationRequested);

        coordinator.Standing = WorkerStanding.Removed;

        await Until.TrueAsync(() => worker.Stopping.IsCancellationRequested);
    }

    [Fact(Timeout = Limit)]
    public async Task A_draining_worker_ends_what_it_has()
    {
        coordinator.Standing = WorkerStanding.Draining;
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "complete"));

        Assert.Equal(AttemptOutcome.Completed, (await coordinator.EndOfAsync(7)).Outcome);
        Assert.False(worker.Stopping.IsCancellationRequested);
    }

    [Fact(Timeout = Limit)]
    public async Task Each_slot_says_its_device_and_the_worker_its_contract()
    {
        await using var worker = await TestWorker.StartAsync(folder, coordinator, options => (options.Slots, options.Devices, options.TokenFingerprint) = (2, ["cpu", "cuda:0"], "0123456789abcdef"));
        await Until.TrueAsync(() => !coordinator.Heartbeats.IsEmpty);

        Assert.True(coordinator.Heartbeats.TryPeek(out var beat));
        Assert.Equal((WorkerContract.Version, "0123456789abcdef"), (beat.Contract, beat.Token));
        Assert.Equal(["cpu", "cuda:0"], beat.Slots.Select(slot => slot.Capabilities.Device));
        Assert.True(beat.Slots[0].Capabilities.MemoryBytes > 0);
    }
}
