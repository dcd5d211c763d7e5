using CatchUp.Tracking.Sweeps;
using CsCheck;

namespace CatchUp.Tracking.Tests.Sweeps;

public sealed class SweepDocumentTests
{
    private static readonly string[] Pieces =
    [
        "name", "base", "space", ":", ": ", "\n", "\n  ", "\n    ", "- ", "[", "]", "{", "}", ",", "\"", "'", "#", "&a ", "*a", "!x ", "|", ">", "?", "? ", "%", "@", "`", "~", "null", "1", "-1", "1e3", "\t",
        "---\n", "...\n", "\\", "😀", "\uFEFF", "\u0085", "\u2028", "<<", "x", "training.iterations", "preset", "fashion-tiny", "\r\n", "\0", "\uD800",
    ];

    private static readonly Gen<string> Documents = Gen.Int[0, Pieces.Length - 1].Array[0, 40].Select(indices => string.Concat(indices.Select(index => Pieces[index])));

    [Fact]
    public void No_text_makes_the_planner_fail()
    {
        var planner = new SweepPlanner();
        Documents.Sample(
            document =>
            {
                var plan = planner.Plan(document);
                var draft = SweepDraft.FromYaml(document);
                return plan.IsValid == (plan.Problems.Count == 0) && (draft.Draft is null) == (draft.Problems.Count > 0) && (draft.Draft is null || draft.Draft.ToYaml().Length > 0);
            },
            iter: 5000);
    }

    [Theory]
    [InlineData("a: 5", "5")]
    [InlineData("a: -5", "-5")]
    [InlineData("a: 0x1F", "31")]
    [InlineData("a: 1e-4", "0.0001")]
    [InlineData("a: .5", "0.5")]
    [InlineData("a: true", "true")]
    [InlineData("a: no", "\"no\"")]
    [InlineData("a: 012", "12")]
    [InlineData("a: 1_000", "\"1_000\"")]
    [InlineData("a: 12:30", "\"12:30\"")]
    [InlineData("a: '5'", "\"5\"")]
    [InlineData("a: 5\r\nb: 6", "5")]
    [InlineData("a: 99999999999999999999999", "1E+23")]
    [InlineData("a: |\n  x\n  y\n", "\"x\\ny\\n\"")]
    public void Scalars_are_read_by_the_core_schema_of_yaml_1_2(string document, string json) => Assert.Equal(json, SweepDocument.Parse(document).Root!["a"]!.ToJsonString());

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("# not a comment")]
    [InlineData("- x")]
    [InlineData("NULL")]
    [InlineData("1")]
    [InlineData("a\\\"b\u0085\u2028\uFEFF")]
    [InlineData("trailing ")]
    [InlineData("x\n")]
    public void Scalars_are_written_so_that_they_read_back(string text)
    {
        Assert.Equal(text, SweepDocument.Parse($"a: {YamlText.Scalar(text)}").Root!["a"]!.GetValue<string>());
        Assert.Equal(text, SweepDocument.Parse($"a: [{YamlText.Scalar(text)}, 1]").Root!["a"]![0]!.GetValue<string>());
    }
}
