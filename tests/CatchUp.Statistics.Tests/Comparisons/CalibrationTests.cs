using System.Globalization;
using CatchUp.Statistics.Comparisons;

namespace CatchUp.Statistics.Tests.Comparisons;

/// <summary>The tables of docs/statistics.md: run with <c>-showLiveOutput</c> to see them.</summary>
public sealed class CalibrationTests(ITestOutputHelper output)
{

    [Fact]
    public void Probe()
    {
        foreach (var (shape, draw) in Draws.Shapes)
        {
            foreach (var (a, b, paired) in new[] { (2, 3, false), (2,4,false), (2,5,false),(2,10,false),(2,30,false),(3,5,false),(3,10,false),(3,30,false),(4,10,false),(4,30,false),(5,10,false),(5,30,false),(10,30,false) })
            {
                var random = new Random(1);
                var flagged = 0;
                for (var i = 0; i < 10000; i++)
                {
                    var c = Comparison.Of(Draws.Runs(random, draw, a, paired), Draws.Runs(random, draw, b, paired));
                    flagged += c.Outcome is Outcome.Lower or Outcome.Higher ? 1 : 0;
                }

                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shape} {a} {b} {paired}: {flagged / 10000.0:P2}"));
            }
        }
    }
}
