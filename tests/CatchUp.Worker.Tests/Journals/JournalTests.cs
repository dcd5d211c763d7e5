using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;
using CatchUp.Worker.Journals;

namespace CatchUp.Worker.Tests.Journals;

public sealed class JournalTests : IDisposable
{
    private readonly TestFolder folder = new();

    private string Journal => folder.Of("journal.ndjson");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Read_of_a_journal_that_is_not_there_finds_nothing()
    {
        using var reader = new JournalReader(Journal);

        Assert.Empty(reader.Read().Entries);
    }

    [Fact]
    public void Read_takes_whole_lines_only_and_the_rest_when_it_is_whole()
    {
        var second = Line(2);
        File.WriteAllText(Journal, Line(1) + second[..20]);
        using var reader = new JournalReader(Journal);

        var first = reader.Read();
        reader.Advance(first);
        var nothing = reader.Read();
        File.AppendAllText(Journal, second[20..]);

        Assert.Equal(1, Assert.Single(first.Entries).Number);
        Assert.Empty(nothing.Entries);
        Assert.Equal(2, Assert.Single(reader.Read().Entries).Number);
    }

    [Fact]
    public void Read_without_advance_gives_the_same_entries_again()
    {
        File.WriteAllText(Journal, Line(1));
        using var reader = new JournalReader(Journal);

        Assert.Equal(reader.Read().Entries, reader.Read().Entries);
    }

    [Fact]
    public void Read_stops_at_a_line_with_another_number()
    {
        File.WriteAllText(Journal, Line(1) + Line(3));
        using var reader = new JournalReader(Journal);

        Assert.Equal(1, Assert.Single(reader.Read().Entries).Number);
    }

    [Fact]
    public void Read_stays_below_a_mebibyte_but_takes_a_longer_line_alone()
    {
        File.WriteAllText(Journal, Line(1) + Line(2, new string('x', 3_000_000)) + Line(3, new string('y', 600_000)) + Line(4, new string('z', 600_000)));
        using var reader = new JournalReader(Journal);
        var batches = new List<long[]>();
        while (reader.Read() is { Entries.Count: > 0 } batch)
        {
            batches.Add([.. batch.Entries.Select(entry => entry.Number)]);
            reader.Advance(batch);
        }

        Assert.Equal([[1], [2], [3], [4]], batches);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4_999)]
    [InlineData(20_000)]
    public void Seek_goes_behind_the_entry_of_that_number(int position)
    {
        File.WriteAllText(Journal, string.Concat(Enumerable.Range(1, 20_000).Select(number => Line(number))));
        using var reader = new JournalReader(Journal);
        reader.Advance(reader.Read());

        Assert.True(reader.Seek(position));

        Assert.Equal(position + 1, reader.Read().Entries is [var next, ..] ? next.Number : 20_001);
    }

    [Fact]
    public void Seek_beyond_the_end_says_so()
    {
        File.WriteAllText(Journal, Line(1) + Line(2));
        using var reader = new JournalReader(Journal);

        Assert.False(reader.Seek(5));
    }

    [Theory]
    [InlineData("{\"kind\":\"log\",\"num")]
    [InlineData("{\"kind\":\"log\",\"num\n")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    [InlineData("")]
    public void Repair_drops_what_is_torn_and_keeps_the_rest(string torn)
    {
        File.WriteAllText(Journal, Line(1) + Line(2) + torn);

        var end = JournalFile.Repair(Journal);

        Assert.Equal(2, end.LastNumber);
        Assert.Equal(Line(1) + Line(2), File.ReadAllText(Journal));
    }

    [Fact]
    public void Append_ends_a_repaired_journal_with_the_next_number()
    {
        File.WriteAllText(Journal, Line(1) + "torn");

        JournalFile.Append(Journal, JournalFile.Repair(Journal), new AttemptEnded { Outcome = AttemptOutcome.Lost });

        var end = JournalFile.Repair(Journal);
        Assert.Equal((2, AttemptOutcome.Lost), (end.LastNumber, end.Ended!.Outcome));
    }

    private static string Line(int number, string text = "x") =>
        JsonSerializer.Serialize<JournalEntry>(new LogWritten { Number = number, Text = text }, ContractJson.Options) + "\n";
}
