namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>A worker and its trainers stop in their tracks for longer than a lease, and then go on as if nothing had happened.</summary>
internal sealed record Freeze() : Disturbance(Moment.MidTraining, Long)
{
    public override Task StrikeAsync(TeamPlatform platform, Victim victim, CancellationToken cancellation) => victim.Worker.SignalAsync("STOP");

    public override Task MendAsync(TeamPlatform platform, Victim victim, CancellationToken cancellation) => victim.Worker.SignalAsync("CONT");

    public override string ToString() => $"worker frozen for {Down.TotalSeconds:0} s and woken";
}
