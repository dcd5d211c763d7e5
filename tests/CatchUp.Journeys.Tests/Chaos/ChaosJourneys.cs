namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>
/// Parts of the team set-up are killed, stopped and taken away while a sweep runs; afterwards everything must be as if nothing had
/// happened. Continuous integration makes a short selection; the whole matrix is <c>./test.sh --chaos</c>.
/// </summary>
public sealed class ChaosJourneys(ITestOutputHelper output)
{
    private static readonly Part[] Parts = Enum.GetValues<Part>();
    private static readonly Moment[] Moments = Enum.GetValues<Moment>();

    [Fact]
    public async Task Whatever_is_killed_the_sweep_ends_as_if_nothing_had_happened()
    {
        // Every part once, at a moment that changes from day to day; and two at once.
        var seed = Environment.TickCount;
        var random = new Random(seed);
        output.WriteLine($"Seed {seed}.");
        await SufferAsync([.. Parts.Select(part => Disturbance.Kill(part, Pick(random))), Pair(random)]);
    }

    [Fact(Explicit = true)]
    public async Task Matrix()
    {
        var random = new Random(4);
        await SufferAsync(
        [
            .. Parts.SelectMany(part => Moments.Select(moment => Disturbance.Kill(part, moment))),
            .. Enumerable.Range(0, 12).Select(_ => Pair(random)),
            Disturbance.Outage(Part.Broker),
            Disturbance.Outage(Part.Database),
            Disturbance.Outage(Part.Server),
            Disturbance.Freeze(),
        ]);
    }

    private static Moment Pick(Random random) => Moments[random.Next(Moments.Length)];

    private static Disturbance Pair(Random random)
    {
        var parts = Parts.OrderBy(_ => random.Next()).Take(2).Order().ToList();
        return new Disturbance(parts, Pick(random), TimeSpan.FromSeconds(1));
    }

    private async Task SufferAsync(IReadOnlyList<Disturbance> disturbances)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var platform = await TeamPlatform.StartAsync(cancellation);
        var verdicts = new List<Verdict>();
        output.WriteLine(Verdict.Header);
        foreach (var disturbance in disturbances)
        {
            verdicts.Add(await platform.SufferAsync(disturbance, cancellation));
            output.WriteLine(verdicts[^1].Row);
        }

        Assert.All(verdicts, verdict =>
        {
            Assert.True(verdict.Points > 0, verdict.Row);
            Assert.True((verdict.Missing, verdict.Different) == (0, 0), verdict.Row);
        });
    }
}
