namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>From now on every message between workers and server is delivered twice, the second time up to two seconds later, when others have overtaken it.</summary>
internal sealed record Repetition(int Seed) : Disturbance(Moment.Assign, TimeSpan.Zero)
{
    private Repeater? _repeater;

    public override async Task StrikeAsync(TeamPlatform platform, Victim victim, CancellationToken cancellation) => _repeater = await Repeater.StartAsync(platform.Broker, Seed, cancellation);

    public override async Task EndAsync()
    {
        var repeated = await _repeater!.StopAsync();
        Assert.All(Repeater.Messages, message => Assert.True(repeated.GetValueOrDefault(message) > 0, $"No {message} was repeated."));
    }

    public override string ToString() => "messages twice and out of order";
}
