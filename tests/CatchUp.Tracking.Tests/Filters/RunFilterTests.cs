using CatchUp.Tracking.Filters;
using CsCheck;

namespace CatchUp.Tracking.Tests.Filters;

public sealed class RunFilterTests
{
    private static readonly string[] Pieces =
    [
        "and", "or", "not", "in", "(", ")", "[", "]", ",", "=", "==", "!=", "<", "<=", ">", ">=", "~", "!~", ":", "\"", "'", " ", "\t", "\n", "-", ".", "0", "4", "-7d", "2h", "1e-3", "10k", "1e999", "none", "true",
        "state", "running", "tag", "night", "name", "note", "loss", "seed", "sweep", "created", "duration", "archived", "best", "objective.order", "rk23", "training.batchSize", "metric", "loss]", "min", "step=", "fid", "kid",
        "euler", "nfe=4", "nfe=", "head=2", "last", "ö", "💥", "'; DROP TABLE runs; --", "%", "\\", "@f0", "\0", "NaN", "x",
    ];

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("state = running")]
    [InlineData("state:running,queued sweep:12 project:\"few step\" id:3,4 archived:true rk23")]
    [InlineData("objective.order = rk23 and fid[euler, nfe=4] < 20 and tag:night")]
    [InlineData("not (seed in [0, 1]) or metric[\"train/loss\", min] <= 1e-3")]
    [InlineData("fid[nfe=8, head=2, step=300] >= 10 kid[nfe=1, best]<0.1")]
    [InlineData("created > -7d and started >= 2026-11-24T22:30 and ended < today and duration > 30min")]
    [InlineData("note != none and name !~ demo and seed not in (3) and archived = false")]
    [InlineData("rk-orders/lr=0.001")]
    [InlineData("\"a b\" 12 #13 2026-11-24 50%")]
    public void A_filter_is_read(string text)
    {
        var (filter, problem) = RunFilter.Read(text);

        Assert.Null(problem);
        Assert.Equal(text, filter!.Text);
    }

    [Theory]
    [InlineData("objectve.order = rk23", 0, 14, "Did you mean objective.order?", "objective.order")]
    [InlineData("state = runing", 8, 6, "Did you mean running?", "running")]
    [InlineData("state < running", 6, 1, "orders numbers and times, and state is one of a few words", null)]
    [InlineData("fid < 20", 0, 3, "Say at which NFE: fid[nfe=4].", "fid[nfe=4]")]
    [InlineData("fid[eular, nfe=4] < 20", 4, 5, "Write a solver", "euler")]
    [InlineData("fid[euler] < 20", 0, 10, "Say at which NFE", null)]
    [InlineData("fid[nfe=4 < 20", 3, 1, "never closed", null)]
    [InlineData("fid[nfe=0] < 20", 8, 1, "from 1 to", null)]
    [InlineData("metric < 3", 0, 6, "Say which metric", "metric[loss]")]
    [InlineData("loss[min] < 3", 0, 4, "takes no brackets", null)]
    [InlineData("step = many", 7, 4, "step is a number, and 'many' is none", null)]
    [InlineData("step = 1e999", 7, 5, "step is a number", null)]
    [InlineData("created > soon", 10, 4, "is no time", null)]
    [InlineData("duration > 3", 11, 1, "is no duration", null)]
    [InlineData("step ~ 3", 5, 1, "looks for a part of a text", null)]
    [InlineData("step >", 6, 0, "A value is missing", null)]
    [InlineData("(step > 3", 0, 1, "never closed", null)]
    [InlineData("step > 3)", 8, 1, "closes nothing", null)]
    [InlineData("and step > 3", 0, 3, "stands where a comparison is expected", null)]
    [InlineData("step > 3 and", 12, 0, "Something is missing at the end", null)]
    [InlineData("seed in 3", 8, 0, "in is followed by a list", null)]
    [InlineData("seed in [3, 4", 8, 1, "never closed", null)]
    [InlineData("name = \"x", 7, 1, "quotes are never closed", null)]
    [InlineData("foo:bar", 0, 3, "Runs have no 'foo'", null)]
    [InlineData("]", 0, 1, "has no meaning here", null)]
    public void What_is_no_filter_is_told_with_its_place_and_the_fix(string text, int position, int length, string words, string? suggestion)
    {
        var (filter, problem) = RunFilter.Read(text);

        Assert.Null(filter);
        Assert.Equal((position, length), (problem!.Position, problem.Length));
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.Equal(suggestion, problem.Suggestion);
    }

    [Fact]
    public void Length_depth_and_parts_are_limited()
    {
        Assert.Contains("at most 2,000 characters", Problem(new string('x', 2001)), StringComparison.Ordinal);
        Assert.Contains("nested more than 32 deep", Problem(new string('(', 40) + "x" + new string(')', 40)), StringComparison.Ordinal);
        Assert.Contains("nested more than 32 deep", Problem(string.Concat(Enumerable.Repeat("not ", 40)) + "x"), StringComparison.Ordinal);
        Assert.Contains("at most 100 terms", Problem(string.Join(' ', Enumerable.Repeat("x", 101))), StringComparison.Ordinal);
        Assert.Contains("at most 100 terms", Problem($"seed in [{string.Join(',', Enumerable.Range(0, 101))}]"), StringComparison.Ordinal);

        static string Problem(string text) => RunFilter.Read(text).Problem!.Message;
    }

    [Fact]
    public void Whatever_is_written_is_a_filter_or_a_problem_with_a_place()
    {
        var piece = Gen.Int[0, Pieces.Length - 1].Select(index => Pieces[index]);
        Gen.OneOf(piece.Array[0, 40].Select(pieces => string.Concat(pieces)), piece.Array[0, 20].Select(pieces => string.Join(' ', pieces)), Gen.String[0, 60]).Sample(
            text =>
            {
                var (filter, problem) = RunFilter.Read(text);
                Assert.True(filter is null != problem is null);
                if (problem is not null)
                {
                    Assert.InRange(problem.Position, 0, text.Length);
                    Assert.InRange(problem.Length, 0, text.Length - problem.Position);
                    Assert.True(problem.Message.Length is > 10 and < 1500);
                }

                _ = RunFilter.ReadTerm(text);
            },
            iter: 20_000);
    }

    [Theory]
    [InlineData("state")]
    [InlineData("objective.order")]
    [InlineData("metric[loss]")]
    [InlineData("metric[loss, min]")]
    [InlineData("metric[loss, step=100]")]
    [InlineData("metric[\"a, b\", max]")]
    [InlineData("fid[nfe=4]")]
    [InlineData("fid[euler, nfe=4, head=2, best]")]
    [InlineData("inception-score[heun, nfe=8, step=300]")]
    public void A_term_is_written_as_it_is_read(string text) => Assert.Equal(text, RunFilter.ReadTerm(text).Term!.Text);

    [Fact]
    public void A_list_of_terms_is_divided_outside_brackets_and_quotes() =>
        Assert.Equal(["name", "fid[euler, nfe=4]", "metric[\"a,b\"]"], RunTerms.Split(" name,fid[euler, nfe=4],, metric[\"a,b\"],"));
}
