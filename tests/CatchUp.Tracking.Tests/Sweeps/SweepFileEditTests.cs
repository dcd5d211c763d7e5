using System.Text.Json.Nodes;
using CatchUp.Tracking.Sweeps;
using CsCheck;

namespace CatchUp.Tracking.Tests.Sweeps;

public sealed class SweepFileEditTests
{
    private const string File =
        """
        # Does a higher order pay?
        name: orders   # short

        base:          # a preset plus what differs
          preset: fashion-tiny
          # as in the paper
          training: { iterations: 600, batchSize: 64 }   # on one line
        space:
          # the question
          objective.order: [rk12, rk23, rk34]
          optimizer.learningRate:
            - 1e-3   # the preset's
            - 3e-3
        evaluation: { every: 300, nfe: [1, 2] }
        # the end

        """;

    public static TheoryData<string, string, string> Edits => new()
    {
        { "name: orders   # short", "name: orders", "name: others" },
        { "a value on one line", "iterations: 600", "iterations: 700" },
        { "a list in brackets grows", "[rk12, rk23, rk34]", "[rk12, rk23, rk34, rk12b]" },
        { "a list in brackets shrinks", "[rk12, rk23, rk34]", "[rk12, rk34]" },
        { "a list of lines grows", "    - 3e-3", "    - 3e-3\n    - 5e-3" },
        { "a list of lines shrinks", "    - 1e-3   # the preset's\n", "" },
        { "a key less in brackets", "every: 300, ", "" },
        { "the last key less in brackets", ", nfe: [1, 2]", "" },
        { "a key more in brackets", "nfe: [1, 2] }", "nfe: [1, 2], samples: 500 }" },
        { "a key less on lines", "  preset: fashion-tiny\n", "" },
        { "a section more", "# the end", "replicates: 3\n# the end" },
        { "a key more on lines", "  preset: fashion-tiny\n", "  preset: fashion-tiny\n  seed: 3\n" },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void Edit_changes_what_it_must_and_no_comment(string what, string from, string to)
    {
        var text = File.ReplaceLineEndings("\n");
        var wanted = text.Replace(from, to, StringComparison.Ordinal);
        Assert.True(text != wanted || from == what, what);
        if (text == wanted)
        {
            return;
        }

        var edited = SweepFileEdit.Apply(text, wanted);

        Assert.True(JsonNode.DeepEquals(SweepDocument.Parse(wanted).Root, SweepDocument.Parse(edited).Root), edited);
        Assert.Equal(SweepFileEdit.Comments(wanted), SweepFileEdit.Comments(edited));

        // All lines but those that were edited are letter for letter there.
        var lines = wanted.Split('\n').Where(text.Split('\n').Contains);
        Assert.All(lines, line => Assert.Contains(line, edited.Split('\n')));
    }

    [Fact]
    public void Same_content_leaves_every_letter() =>
        Assert.Equal(File, SweepFileEdit.Apply(File, SweepDraft.FromYaml(File).Draft!.ToYaml()));

    [Fact]
    public void Draft_of_a_form_keeps_the_comments_of_the_file_it_is_written_into()
    {
        var text = File.ReplaceLineEndings("\n");
        var draft = SweepDraft.FromYaml(text).Draft!;

        var edited = (draft with { Replicates = "3", Space = [.. draft.Space.Where(row => row.Path != "optimizer.learningRate"), new("training.batchSize", "16, 32")] }).ToYaml(text);

        Assert.Equal(
            text.Replace("  optimizer.learningRate:\n    - 1e-3   # the preset's\n    - 3e-3\n", "  training.batchSize: [16, 32]\n", StringComparison.Ordinal)
                .Replace("evaluation:", "replicates: 3\nevaluation:", StringComparison.Ordinal),
            edited);
    }

    [Fact]
    public void Row_said_twice_is_left_for_the_check_to_find()
    {
        var draft = SweepDraft.FromYaml(File).Draft!;
        var twice = (draft with { Overrides = [.. draft.Overrides, new("training.iterations", "1")] }).ToYaml(File);

        Assert.Contains("twice", SweepDocument.Parse(twice).Problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_can_be_made_to_say_what_any_other_says() => Gen.Select(Files, Files).Sample(pair =>
    {
        var edited = SweepFileEdit.Apply(pair.Item1, pair.Item2);
        Assert.True(JsonNode.DeepEquals(SweepDocument.Parse(pair.Item2).Root, SweepDocument.Parse(edited).Root), $"{pair.Item1}\n---\n{pair.Item2}\n---\n{edited}");
        Assert.True(SweepFileEdit.Comments(edited).Length >= 0);
    });

    private static Gen<string> Files =>
        from name in One("name: a\n", "# first\nname: b # why\n", "name: >\n  folded\n  text\n", "name: 'a # b'\n")
        from based in One("", "base: { preset: mnist }\n", "base:\n  preset: mnist # it\n  training:\n    iterations: 5\n", "base:\r\n  training: {iterations: 6,\r\n    batchSize: 3} # over lines\r\n", "base:\n")
        from space in One("", "space:\n  a: [1, 2]\n", "space:\n  a:\n  - 1 # one\n  - 2\n  b: { uniform: [0, 1], step: 0.1 }\n", "space:\n  objective:\n    - { kind: x }\n    # between\n    - kind: y\n      order: z\n", "space: {}\n")
        from end in One("", "replicates: 2\n", "replicates: 2 # no line end", "evaluation: {nfe: [], every: 3}\n", "constraints:\n  - a < b # c\n  - \"b > 0\"\n")
        select name + based + space + end;

    private static Gen<string> One(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
}
