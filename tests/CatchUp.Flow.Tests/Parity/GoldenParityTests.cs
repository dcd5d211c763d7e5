using CatchUp.Flow.Parity;
using static TorchSharp.torch;

namespace CatchUp.Flow.Tests.Parity;

public sealed class GoldenParityTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_golden_case_of_a_known_kind_passes()
    {
        var folder = GoldenFolder.Require();
        var lines = new StringWriter();

        var report = ParityRunner.Run(folder, CPU, lines);

        output.WriteLine(lines.ToString());
        Assert.True(report.Succeeded, lines.ToString());
    }
}
