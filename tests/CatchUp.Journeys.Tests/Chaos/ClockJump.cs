namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>The wall clock of a worker's machine, of the server's or of the database's, jumps, and for longer than a lease later jumps back.</summary>
internal sealed record ClockJump(Part Part, TimeSpan By) : Disturbance(Moment.MidTraining, Long)
{
    public override async Task StrikeAsync(TeamPlatform platform, Victim victim, CancellationToken cancellation)
    {
        Set(platform, victim, By);
        if (Part == Part.Database && (await platform.Database.TimeAsync(cancellation) - DateTimeOffset.UtcNow - By).Duration() > TimeSpan.FromMinutes(5))
        {
            throw new ChaosException("The database does not read the clock that was set.");
        }
    }

    public override Task MendAsync(TeamPlatform platform, Victim victim, CancellationToken cancellation)
    {
        Set(platform, victim, TimeSpan.Zero);
        return Task.CompletedTask;
    }

    public override string ToString() => $"{Part.ToString().ToLowerInvariant()}'s clock {(By > TimeSpan.Zero ? "ahead" : "back")} by {By.Duration().TotalHours:0} h for {Down.TotalSeconds:0} s";

    private void Set(TeamPlatform platform, Victim victim, TimeSpan by)
        => (Part switch { Part.Server => platform.ServerClock, Part.Database => platform.DatabaseClock!, _ => victim.Worker.Clock! }).Set(by);
}
