namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>The wall clock of a worker's machine, or of the server's, jumps, and for longer than a lease later jumps back.</summary>
internal sealed record ClockJump(Part Part, TimeSpan By) : Disturbance(Moment.MidTraining, Long)
{
    public override Task StrikeAsync(TeamPlatform platform, Victim victim, CancellationToken cancellation)
    {
        Set(platform, victim, By);
        return Task.CompletedTask;
    }

    public override Task MendAsync(TeamPlatform platform, Victim victim, CancellationToken cancellation)
    {
        Set(platform, victim, TimeSpan.Zero);
        return Task.CompletedTask;
    }

    public override string ToString() => $"{Part.ToString().ToLowerInvariant()}'s clock {(By > TimeSpan.Zero ? "ahead" : "back")} by {By.Duration().TotalHours:0} h for {Down.TotalSeconds:0} s";

    private void Set(TeamPlatform platform, Victim victim, TimeSpan by) => (Part == Part.Server ? platform.ServerClock : victim.Worker.Clock!).Set(by);
}
