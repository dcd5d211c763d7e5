using CatchUp.Statistics.Comparisons;
using CsCheck;

namespace CatchUp.Statistics.Tests.Comparisons;

public sealed class HolmCorrectionTests
{
    [Fact]
    public void Worked_example()
    {
        // 4 · 0.005, 3 · 0.01, 2 · 0.03, and 0.04 raised to what comes before it.
        var adjusted = HolmCorrection.Adjust([0.01, 0.04, 0.03, 0.005]);

        Assert.Equal([0.03, 0.06, 0.06, 0.02], adjusted.Select(p => Math.Round(p, 12)));
    }

    [Fact]
    public void Tests_that_are_not_given_count()
    {
        Assert.Equal([0.05, 0.18], HolmCorrection.Adjust([0.005, 0.02], hypotheses: 10).Select(p => Math.Round(p, 12)));
        Assert.Equal([1.0], HolmCorrection.Adjust([0.5], hypotheses: 3));
        Assert.Empty(HolmCorrection.Adjust([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => HolmCorrection.Adjust([0.1, 0.2], hypotheses: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => HolmCorrection.Adjust([double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => HolmCorrection.Adjust([0, 1.1]));
    }

    /// <summary>Holm's own words: go up from the smallest p while p₍ᵢ₎ &lt; α / (m − i + 1), and stop at the first that is not.</summary>
    [Fact]
    public void Adjusted_p_level_and_the_procedure_itself_agree() => Gen.Select(Gen.Double[0, 0.1].Array[1, 12], Gen.Int[0, 5]).Sample((pValues, more) =>
    {
        var m = pValues.Length + more;
        var adjusted = HolmCorrection.Adjust(pValues, m);
        var levels = HolmCorrection.Levels(pValues, 0.05, m);
        var (step, going) = (0, true);
        foreach (var index in Enumerable.Range(0, pValues.Length).OrderBy(index => pValues[index]))
        {
            going = going && pValues[index] < 0.05 / (m - step++);
            Assert.Equal(going, adjusted[index] < 0.05);
            Assert.Equal(going, pValues[index] < levels[index]);
        }
    });
}
