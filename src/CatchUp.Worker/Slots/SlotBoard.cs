using System.Threading.Channels;
using CatchUp.Contracts.Workers;
using CatchUp.Worker.Attempts;
using Microsoft.Extensions.Options;

namespace CatchUp.Worker.Slots;

/// <summary>What is in each slot, and the bell that wakes the free ones.</summary>
internal sealed class SlotBoard(IOptions<WorkerOptions> options, TimeProvider clock)
{
    private readonly LiveAttempt?[] attempts = new LiveAttempt?[options.Value.Slots];

    // One ring is kept for a slot that is not listening yet.
    private readonly Channel<bool>[] bells = [.. Enumerable.Range(0, options.Value.Slots).Select(_ => Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }))];

    public int Count => attempts.Length;

    public LiveAttempt? this[int slot]
    {
        get => Volatile.Read(ref attempts[slot]);
        set => Volatile.Write(ref attempts[slot], value);
    }

    public void Execute(AttemptOrder order)
    {
        for (var slot = 0; slot < Count; slot++)
        {
            if (this[slot] is { } attempt && attempt.Run == order.RunId && attempt.Attempt == order.Attempt)
            {
                attempt.Execute(order.Order);
            }
        }
    }

    public void WakeAll()
    {
        foreach (var bell in bells)
        {
            bell.Writer.TryWrite(true);
        }
    }

    /// <summary>Returns when the bell rings or the time is up.</summary>
    public async Task RestAsync(int slot, CancellationToken cancellation)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(bells[slot].Reader.WaitToReadAsync(enough.Token).AsTask(), Task.Delay(options.Value.AskInterval, clock, enough.Token));
        await enough.CancelAsync();
        bells[slot].Reader.TryRead(out _);
        cancellation.ThrowIfCancellationRequested();
    }
}
