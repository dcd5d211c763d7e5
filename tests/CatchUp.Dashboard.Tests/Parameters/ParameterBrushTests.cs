using CatchUp.Dashboard.Parameters;
using CsCheck;

namespace CatchUp.Dashboard.Tests.Parameters;

public sealed class ParameterBrushTests
{
    [Fact]
    public void An_address_says_stretches_and_words()
    {
        var brush = ParameterBrush.Parse("optimizer.learningRate:1e-4..1e-3;objective.order:rk23,rk34;value:..20;training.batchSize:64..;data.dataset:none");

        Assert.Equal(["optimizer.learningRate", "objective.order", "value", "training.batchSize", "data.dataset"], brush.Parts.Select(part => part.Axis));
        Assert.Equal([1e-4, null, null, 64, null], brush.Parts.Select(part => part.From));
        Assert.Equal([1e-3, null, 20, null, null], brush.Parts.Select(part => part.To));
        Assert.Equal(["rk23", "rk34"], brush.On("objective.order")!.Categories);
        Assert.Equal([ParameterAxis.Missing], brush.On("data.dataset")!.Categories);
        Assert.Equal("optimizer.learningRate:0.0001..0.001;objective.order:rk23,rk34;value:..20;training.batchSize:64..;data.dataset:none", brush.ToAddress());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(";;;")]
    [InlineData("no colon")]
    [InlineData(":1..2")]
    [InlineData("a:")]
    [InlineData("a:..")]
    [InlineData("a:x..2")]
    [InlineData("a:1..NaN")]
    [InlineData("a:1..2..3..")]
    public void What_cannot_be_read_chooses_nothing(string? text)
    {
        var brush = ParameterBrush.Parse(text);

        Assert.True(brush.IsEmpty || brush.Parts.All(part => part.Categories is not null), brush.ToAddress());
        Assert.Equal(brush, ParameterBrush.Parse(brush.ToAddress()));
    }

    [Fact]
    public void Whatever_axes_and_words_are_called_comes_back()
    {
        var word = Gen.OneOf(Gen.String[Gen.Char[" ;:,.%&=+#?<>\"'\\abc–é"], 1, 8], Gen.Const("none"), Gen.Const("a..b"), Gen.Const("%2C"), Gen.Const("<script>alert(1)</script>")).Where(text => text.Trim() == text);
        var words = Gen.Select(word, word.Array[1, 4], (axis, some) => new BrushPart(axis, null, null, [.. some.Distinct()]));
        var stretch = Gen.Select(word, Gen.Double[-1e9, 1e9], Gen.Double[-1e9, 1e9], Gen.Int[0, 2], (axis, from, to, open) => new BrushPart(axis, open == 0 ? null : from, open == 1 ? null : to, null));
        Gen.OneOf(words, stretch).Array[1, 5].Sample(parts =>
        {
            var brush = new ParameterBrush([.. parts.DistinctBy(part => part.Axis)]);

            var read = ParameterBrush.Parse(Uri.UnescapeDataString(Uri.EscapeDataString(brush.ToAddress()!)));

            Assert.Equal(brush.Parts.Select(part => (part.Axis, part.From, part.To)), read.Parts.Select(part => (part.Axis, part.From, part.To)));
            Assert.Equal(brush.Parts.Select(part => part.Categories), read.Parts.Select(part => part.Categories));
        });
    }

    [Fact]
    public void A_choice_replaces_another_on_its_axis_and_any_takes_it_out()
    {
        var brush = ParameterBrush.None.With(new("a", 1, 2, null)).With(new("b", null, null, ["x"])).With(new("a", 3, null, null));

        Assert.Equal("a:3..;b:x", brush.ToAddress());
        Assert.Equal("b:x", brush.With(new("a", null, null, null)).ToAddress());
        Assert.True(brush.Without("a").Without("b").IsEmpty);
        Assert.Null(ParameterBrush.None.ToAddress());
    }
}
