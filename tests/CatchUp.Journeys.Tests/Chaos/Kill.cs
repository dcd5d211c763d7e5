namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>kill -9 of one part or of several at once.</summary>
internal sealed record Kill(IReadOnlyList<Part> Parts, Moment Moment, TimeSpan Down) : Disturbance(Moment, Down)
{
    public Kill(Part part, Moment moment)
        : this([part], moment)
    {
    }

    /// <summary>Started again at once, as a service manager does.</summary>
    public Kill(IReadOnlyList<Part> parts, Moment moment)
        : this(parts, moment, TimeSpan.FromSeconds(1))
    {
    }

    public override bool PlatformIsAway => Down >= Long;

    /// <summary>Gone for longer than a lease.</summary>
    public static Kill Outage(Part part) => new([part], Moment.MidTraining, Long);

    public override async Task StrikeAsync(TeamPlatform platform, Victim victim, CancellationToken cancellation)
    {
        foreach (var part in Parts)
        {
            await (part switch
            {
                Part.Trainer => WorkerProcess.KillTrainerAsync(victim.Directory, victim.Trainer),
                Part.Worker => victim.Worker.KillAsync(),
                Part.Server => platform.Server.KillAsync(),
                Part.Broker => platform.Broker.KillAsync(),
                _ => platform.Database.KillAsync(),
            });
        }
    }

    public override async Task MendAsync(TeamPlatform platform, Victim victim, CancellationToken cancellation)
    {
        // What the others need comes first.
        foreach (var part in Parts.OrderDescending())
        {
            switch (part)
            {
                case Part.Trainer:
                    break; // its worker sees to that
                case Part.Worker:
                    victim.Worker.Launch();
                    break;
                case Part.Server:
                    await platform.Server.StartAsync(cancellation);
                    break;
                case Part.Broker:
                    await platform.Broker.StartAsync(cancellation);
                    break;
                default:
                    await platform.Database.StartAsync(cancellation);
                    break;
            }
        }
    }

    public override string ToString()
    {
        var what = string.Join(" and ", Parts).ToLowerInvariant();
        return PlatformIsAway ? $"{what} away for {Down.TotalSeconds:0} s" : $"{what} killed";
    }
}
