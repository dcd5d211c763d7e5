using System.Text.Json.Nodes;
using CatchUp.Search.Constraints;
using CatchUp.Search.Spaces;
using CsCheck;

namespace CatchUp.Search.Tests.Constraints;

public sealed class ConstraintTests
{
    private static readonly string[] Parts = ["x", "kind", "(", ")", "[", "]", " in ", " and ", " not ", "==", "<", "'a'", "1", ",", "min", "-", "%"];

    private static readonly Dictionary<string, TermType> Types = new()
    {
        ["x"] = TermType.Number,
        ["training.batchSize"] = TermType.Number,
        ["kind"] = TermType.Text,
        ["warm"] = TermType.Boolean,
    };

    [Theory]
    [InlineData("x == 4", true)]
    [InlineData("x = 4", true)]
    [InlineData("x != 4", false)]
    [InlineData("1 + 2 * 3 == 7", true)]
    [InlineData("(1 + 2) * 3 == 9", true)]
    [InlineData("10 - 2 - 3 == 5", true)]
    [InlineData("-x + 5 == 1", true)]
    [InlineData("--x == 4", true)]
    [InlineData("7 % 4 == 3", true)]
    [InlineData("1e-3 < 0.01", true)]
    [InlineData("training.batchSize / x == 8", true)]
    [InlineData("kind == \"learned\" and x > 3", true)]
    [InlineData("kind == 'learned' and not x > 3", false)]
    [InlineData("kind != 'learned' or x > 3", true)]
    [InlineData("false or true and false", false)]
    [InlineData("not false and true", true)]
    [InlineData("kind in ['plain', 'learned']", true)]
    [InlineData("x not in [1, 2, -4]", true)]
    [InlineData("x in [1, 2, 4]", true)]
    [InlineData("warm", true)]
    [InlineData("warm == true", true)]
    [InlineData("warm in [false]", false)]
    [InlineData("min(x, 3, 9) == 3 and max(x, 3) == 4", true)]
    [InlineData("log2(training.batchSize) == 5 and log10(100) == 2", true)]
    [InlineData("abs(0 - x) == sqrt(16) and pow(2, 3) == 8", true)]
    [InlineData("floor(1.5) + ceil(1.5) + round(2.5) == 6", true)]
    [InlineData("ln(exp(x)) > 3.99", true)]
    [InlineData("x / 0 > 1", true)]
    [InlineData("0 / 0 > 1 or 0 / 0 <= 1", false)]
    public void Constraints_are_computed(string text, bool holds)
    {
        var space = SpaceReader.Read(JsonNode.Parse("""{ "x": [4], "training.batchSize": [32], "kind": ["learned"], "warm": [true] }""")!.AsObject()).Space!;
        var constraint = Constraint.Parse(text, Types, out var problem);
        Assert.Null(problem);
        Assert.Equal(holds, new SearchSpace(space.Parameters, [constraint!]).Satisfies(space.FromUnit([0.5, 0.5, 0.5, 0.5])));
    }

    [Theory]
    [InlineData("", 0, "missing")]
    [InlineData("x", 0, "x <= 10")]
    [InlineData("x + 1", 0, "a number")]
    [InlineData("kind", 0, "a word")]
    [InlineData("x == ", 5, "missing")]
    [InlineData("x == 'a'", 2, "a number with a word")]
    [InlineData("kind == learned", 8, "\"learned\"")]
    [InlineData("kind < 'b'", 5, "orders numbers")]
    [InlineData("kind + 1 == 2", 9, "needs numbers")]
    [InlineData("x and warm", 2, "hold or not")]
    [InlineData("not x", 0, "hold or not")]
    [InlineData("1 < x < 3", 6, "with and")]
    [InlineData("(x == 1", 0, "never closed")]
    [InlineData("x == 1)", 6, "one part too many")]
    [InlineData("x in 1", 5, "followed by a list")]
    [InlineData("x in [1, 'a']", 9, "is compared with a number")]
    [InlineData("x in [1, 2", 2, "has no end")]
    [InlineData("x not 3", 2, "followed by in")]
    [InlineData("kind == 'a", 8, "has no end")]
    [InlineData("trainng.batchSize > 1", 0, "Did you mean training.batchSize?")]
    [InlineData("mni(x) > 1", 0, "Did you mean min?")]
    [InlineData("system('rm') == 1", 0, "no function system")]
    [InlineData("abs(x, 1) == 1", 0, "takes 1 number")]
    [InlineData("pow(x) == 1", 0, "takes 2 numbers")]
    [InlineData("x == 1.2.3", 5, "is no number")]
    [InlineData("x == 1e999", 5, "is no number")]
    [InlineData("x ; 1", 2, "one part too many")]
    [InlineData("x == $", 5, "no meaning")]
    [InlineData("x == and", 5, "where a value is expected")]
    public void What_is_wrong_is_said_with_its_place(string text, int position, string words)
    {
        Assert.Null(Constraint.Parse(text, Types, out var problem));
        Assert.Equal(position, problem!.Position);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Length_and_depth_have_limits()
    {
        Assert.Null(Constraint.Parse(new string('(', 400) + "x", Types, out var deep));
        Assert.Contains("32 deep", deep!.Message, StringComparison.Ordinal);
        Assert.Null(Constraint.Parse(string.Concat(Enumerable.Repeat("not ", 100)) + "warm", Types, out _));
        Assert.Null(Constraint.Parse(string.Concat(Enumerable.Repeat("-", 100)) + "x > 1", Types, out _));
        Assert.Null(Constraint.Parse(new string(' ', Constraint.Longest) + "x > 1", Types, out var longest));
        Assert.Contains("500 characters", longest!.Message, StringComparison.Ordinal);
        Assert.NotNull(Constraint.Parse(new string('(', 20) + "x" + new string(')', 20) + " > 1", Types, out _));
    }

    [Fact]
    public void No_text_breaks_the_parser() => Gen.OneOf(Gen.String[0, 60], Gen.Int[0, Parts.Length - 1].Array[0, 20].Select(parts => string.Concat(parts.Select(part => Parts[part]))))
        .Sample(text => Constraint.Parse(text, Types, out var problem) is null == problem is not null && (problem is null || problem.Position <= text.Length));

    [Fact]
    public void A_constraint_does_not_bind_where_a_parameter_it_names_does_not_exist()
    {
        var space = SpaceReader.Read(JsonNode.Parse("""{ "kind": ["a", "b"], "x": { "uniform": [0, 1], "when": { "kind": "b" } } }""")!.AsObject(), ["x > 0.5"]).Space!;
        Assert.True(space.Satisfies(space.FromUnit([0.1, 0.1])));
        Assert.False(space.Satisfies(space.FromUnit([0.9, 0.1])));
        Assert.True(space.Satisfies(space.FromUnit([0.9, 0.9])));
    }
}
