using Bunit;
using CatchUp.Dashboard.Charts;
using CatchUp.Dashboard.Runs;
using CatchUp.Tracking.Evaluations;

namespace CatchUp.Dashboard.Tests.Runs;

public sealed class EvaluationTableTests
{
    [Theory]
    [InlineData("fid", "FID by step and NFE", "Lower is better", "0.25")]
    [InlineData("precision", "Precision by step and NFE", "Higher is better", "0.75")]
    public void The_best_of_a_column_is_the_better_value_of_that_metric(string metric, string heading, string caption, string best)
    {
        using var browser = new BunitContext();
        IReadOnlyList<Evaluation> evaluations = [Made(metric, 10, 0.25), Made(metric, 20, 0.75)];

        var table = browser.Render<EvaluationTable>(parameters => parameters
            .Add(component => component.Evaluations, evaluations)
            .Add(component => component.Protocol, FidLines.Protocols(evaluations)[0]));

        Assert.Equal(heading, table.Find("h2").TextContent);
        Assert.Contains(caption, table.Find("caption").TextContent, StringComparison.Ordinal);
        Assert.StartsWith(best, Assert.Single(table.FindAll("td.best")).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_at_a_gate_is_the_best()
    {
        using var browser = new BunitContext();
        IReadOnlyList<Evaluation> evaluations = [Made("fid", 20, 0.25) with { Gate = 100, Samples = 100 }];

        var table = browser.Render<EvaluationTable>(parameters => parameters
            .Add(component => component.Evaluations, evaluations)
            .Add(component => component.Protocol, FidLines.Protocols(evaluations)[0]));

        Assert.Equal("FID at a gate by step and NFE", table.Find("h2").TextContent);
        Assert.Contains("100 samples · vs r · gate.", table.Find("caption").TextContent, StringComparison.Ordinal);
        Assert.Contains("0.25", table.Find("tbody").TextContent, StringComparison.Ordinal);
        Assert.Empty(table.FindAll("td.best"));
    }

    private static Evaluation Made(string metric, int step, double value) => new()
    {
        Step = step, Solver = "euler", Nfe = 4, Head = 1, Metric = metric, Value = value, Extractor = "e", Reference = "r", Quantisation = "8 bit", Fingerprint = "f",
    };
}
