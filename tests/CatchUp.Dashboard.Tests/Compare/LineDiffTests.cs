using CatchUp.Dashboard.Compare;

namespace CatchUp.Dashboard.Tests.Compare;

public sealed class LineDiffTests
{
    [Fact]
    public void Lines_that_come_and_go_are_told_with_those_around_them()
    {
        var before = string.Join('\n', Enumerable.Range(1, 20)) + "\n";
        var after = before.Replace("\n10\n", "\nten\n", StringComparison.Ordinal) + "21\n";

        var lines = LineDiff.Between(before, after, around: 1).Select(line => $"{line.Kind}{line.Text}");

        Assert.Equal(["…", " 9", "-10", "+ten", " 11", "…", " 20", "+21"], lines);
    }

    [Fact]
    public void Patch_itself_shows_what_it_adds_and_takes_away()
    {
        var lines = LineDiff.Of("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\n same\n").Select(line => $"{line.Kind}{line.Text}");

        Assert.Equal([" --- a/x", " +++ b/x", " @@ -1 +1 @@", "-old", "+new", " same"], lines);
    }

    [Fact]
    public void What_is_told_makes_one_text_of_the_other()
    {
        // Property: with all lines kept, the first text is what is not added, and the second what is not taken away.
        var random = new Random(1);
        for (var turn = 0; turn < 500; turn++)
        {
            var (before, after) = (Text(random), Text(random));
            if (before.SequenceEqual(after))
            {
                continue;
            }

            var lines = LineDiff.Between(Joined(before), Joined(after), around: 100);
            Assert.Equal(before, lines.Where(line => line.Kind != '+').Select(line => line.Text));
            Assert.Equal(after, lines.Where(line => line.Kind != '-').Select(line => line.Text));
        }

        Assert.Equal("…", string.Concat(LineDiff.Between("same\n", "same\n", around: 3).Select(line => line.Kind)));

        static string[] Text(Random random) => [.. Enumerable.Range(0, random.Next(12)).Select(_ => $"{random.Next(4)}")];

        static string Joined(string[] lines) => string.Concat(lines.Select(line => line + "\n"));
    }
}
