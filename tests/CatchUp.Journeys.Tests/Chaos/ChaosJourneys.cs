namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>
/// Parts of the team set-up are killed, stopped, misled and taken away while a sweep runs; afterwards everything must be as if nothing had
/// happened. Continuous integration makes a short selection, with another seed every time; the whole matrix is <c>./test.sh --chaos</c>.
/// </summary>
public sealed class ChaosJourneys(ITestOutputHelper output)
{
    private static readonly Part[] Parts = Enum.GetValues<Part>();
    private static readonly Moment[] Moments = Enum.GetValues<Moment>();
    private static readonly Part[] Clocks = [Part.Worker, Part.Server, Part.Database];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_is_killed_the_sweep_ends_as_if_nothing_had_happened()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        output.WriteLine($"Seed {seed}.");
        await using var platform = await TeamPlatform.StartAsync(Cancellation);
        AssertHolds(await SufferAsync(platform, [.. Parts.Select(part => new Kill(part, Pick(random))), Pair(random), new Repetition(seed)]));
    }

    [Fact]
    public async Task A_full_disk_and_clocks_that_jump_change_no_number()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        output.WriteLine($"Seed {seed}.");
        var jump = new ClockJump(Clocks[random.Next(Clocks.Length)], TimeSpan.FromHours(random.Next(2) == 0 ? 1 : -1));
        await using var platform = await TeamPlatform.StartAsync(Cancellation, fakeClocks: true, smallDisks: true);
        AssertHolds(await SufferAsync(platform, [new FullDisk(), jump]));
    }

    [Fact(Explicit = true)]
    public async Task Matrix_of_kills()
    {
        var random = new Random(4);
        output.WriteLine(Verdict.Header);
        await using var platform = await TeamPlatform.StartAsync(Cancellation);
        AssertPrompt(await SufferAsync(platform, [.. Parts.SelectMany(part => Moments.Select(moment => new Kill(part, moment))), .. Enumerable.Range(0, 12).Select(_ => Pair(random))]));
    }

    [Fact(Explicit = true)]
    public async Task Matrix_of_outages_and_lies()
    {
        var hour = TimeSpan.FromHours(1);
        output.WriteLine(Verdict.Header);
        await using var platform = await TeamPlatform.StartAsync(Cancellation, fakeClocks: true, smallDisks: true);
        AssertPrompt(await SufferAsync(
            platform,
            [
                new Freeze(), Kill.Outage(Part.Server), Kill.Outage(Part.Broker), Kill.Outage(Part.Database), new Repetition(4), new FullDisk(),
                new ClockJump(Part.Worker, hour), new ClockJump(Part.Worker, -hour), new ClockJump(Part.Server, hour), new ClockJump(Part.Server, -hour),
            ]));
    }

    /// <summary>Leases are in the database's time, so that this clock is the one which can cost an attempt.</summary>
    [Fact(Explicit = true)]
    public async Task Matrix_of_the_databases_clock()
    {
        var hour = TimeSpan.FromHours(1);
        output.WriteLine(Verdict.Header);
        await using var platform = await TeamPlatform.StartAsync(Cancellation, fakeClocks: true);
        AssertPrompt(await SufferAsync(platform, [new ClockJump(Part.Database, hour), new ClockJump(Part.Database, -hour)]));
    }

    private static Moment Pick(Random random) => Moments[random.Next(Moments.Length)];

    private static Kill Pair(Random random) => new([.. Parts.OrderBy(_ => random.Next()).Take(2).Order()], Pick(random));

    private static void AssertPrompt(IReadOnlyList<Verdict> verdicts)
    {
        AssertHolds(verdicts);
        Assert.All(verdicts, verdict => Assert.True(verdict.IsPrompt, verdict.Row));
    }

    private static void AssertHolds(IReadOnlyList<Verdict> verdicts) => Assert.All(verdicts, verdict => Assert.True(verdict.Holds, verdict.Row));

    private async Task<List<Verdict>> SufferAsync(TeamPlatform platform, IReadOnlyList<Disturbance> disturbances)
    {
        var verdicts = new List<Verdict>();
        foreach (var disturbance in disturbances)
        {
            verdicts.Add(await platform.SufferAsync(disturbance, Cancellation));
            output.WriteLine(verdicts[^1].Row);
        }

        return verdicts;
    }
}
