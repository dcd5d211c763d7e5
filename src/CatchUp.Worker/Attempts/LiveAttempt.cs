using CatchUp.Contracts.Workers;
using CatchUp.Worker.Shipping;
using CatchUp.Worker.Trainers;

namespace CatchUp.Worker.Attempts;

/// <summary>The attempt in a slot: its trainer while there is one, its shipment, and what it was ordered to do.</summary>
internal sealed class LiveAttempt(AttemptDirectory directory, Shipment shipment, TimeSpan cancelGrace, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource abandoned = new();
    private TrainerProcess? trainer;

    public long Run => directory.Run;

    public int Attempt => directory.Attempt;

    public string Phase => shipment.Phase;

    /// <summary>The heaviest order so far.</summary>
    public OrderKind Order { get; private set; }

    /// <summary>Fires when the attempt is to be given up with everything it has.</summary>
    public CancellationToken Abandoned => abandoned.Token;

    /// <summary>The trainer that hears the orders; it hears at once what was ordered before it was there.</summary>
    public void Attach(TrainerProcess started)
    {
        lock (gate)
        {
            trainer = started;
            Pass(Order);
        }
    }

    /// <summary>Carries an order out. Every heartbeat repeats it; only a heavier one than before does anything.</summary>
    public void Execute(OrderKind order)
    {
        lock (gate)
        {
            if (order <= Order)
            {
                return;
            }

            Order = order;
            Pass(order);
        }

        // An attempt that has told its end is shipped: the coordinator itself says whether it is superseded.
        if (order == OrderKind.Abandon && !shipment.EndRead)
        {
            abandoned.Cancel();
        }
    }

    public (TimeSpan Processor, long Memory)? Usage() => trainer?.Usage();

    private void Pass(OrderKind order)
    {
        switch (order)
        {
            case OrderKind.Pause:
                trainer?.Say("pause");
                break;
            case OrderKind.Cancel:
                trainer?.Say("cancel");
                if (trainer is { } asked)
                {
                    _ = KillAfterGraceAsync(asked);
                }

                break;
        }
    }

    private async Task KillAfterGraceAsync(TrainerProcess asked)
    {
        await Task.WhenAny(asked.Exited, Task.Delay(cancelGrace, clock));
        if (!asked.Exited.IsCompleted)
        {
            asked.Kill();
        }
    }
}
