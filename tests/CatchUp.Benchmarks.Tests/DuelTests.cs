namespace CatchUp.Benchmarks.Tests;

public sealed class DuelTests
{
    private static readonly Dictionary<string, string> NoVariables = [];

    [Fact]
    public void Sides_take_turns_and_who_begins_changes()
    {
        var diary = Path.GetTempFileName();
        using var fast = Start(seconds: "0.5", units: 2, diary, "f");
        using var slow = Start(seconds: "1.5", units: 2, diary, "s");

        var duel = Duel.Fight(fast, slow, rounds: 3);

        Assert.Equal("fssffssf" + "fssffs", File.ReadAllText(diary)); // eight seconds, four pairs, warm up
        Assert.Equal(3, duel.Ours.Count);
        Assert.Equal(0.25, duel.OurSeconds, 1e-12);
        Assert.Equal(0.75, duel.TheirSeconds, 1e-12);
        Assert.Equal(3, duel.Speed, 1e-12);
        Assert.Equal((3.0, 3.0), duel.SpeedRange);
        Assert.All(duel.Ours, round => Assert.Equal(7, round.Result));
        File.Delete(diary);
    }

    [Fact]
    public void Sides_of_unlike_threads_do_not_fight()
    {
        using var one = Start("1", 1, "/dev/null", "", threads: 1);
        using var two = Start("1", 1, "/dev/null", "", threads: 2);

        Assert.Throws<BenchmarkException>(() => Duel.Fight(one, two, 1));
    }

    [Fact]
    public void Side_that_ends_says_why()
    {
        var error = Assert.Throws<BenchmarkException>(() => new Rival("Nobody", "/bin/sh", ["-c", "echo 'no such preset' >&2; exit 2"], NoVariables));

        Assert.Contains("Nobody ended", error.Message, StringComparison.Ordinal);
        Assert.Contains("no such preset", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 3.0, 1.0, 2.0 }, 2)]
    [InlineData(new[] { 4.0, 1.0, 2.0, 3.0 }, 2.5)]
    public void Median_of_an_even_number_lies_between_the_two_in_the_middle(double[] values, double median) => Assert.Equal(median, Duel.Median(values));

    /// <summary>A side that says how long it took instead of taking it.</summary>
    private static Rival Start(string seconds, int units, string diary, string letter, int threads = 2) => new(
        letter,
        "/bin/sh",
        [
            "-c",
            $$$"""
            echo '{"unitsPerRound":{{{units}}},"threads":{{{threads}}},"facts":{}}'
            while read word; do
              printf '{{{letter}}}' >> '{{{diary}}}'
              echo '{"started":"2026-01-01T00:00:00Z","seconds":{{{seconds}}},"result":7}'
            done
            """,
        ],
        NoVariables);
}
