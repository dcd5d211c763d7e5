using CatchUp.Dashboard.Charts;
using CatchUp.Tracking.Evaluations;

namespace CatchUp.Dashboard.Tests.Charts;

public sealed class FidLinesTests
{
    [Fact]
    public void Unlike_protocols_never_share_a_line()
    {
        List<Evaluation> evaluations = [Made(1, 300, 1, 50, "many"), Made(1, 300, 2, 40, "many"), Made(1, 300, 4, 1, "other")];

        var protocols = FidLines.Protocols(evaluations);
        var lines = FidLines.ByRun(evaluations, protocols[0], [new ChartRun(1, "one")], SeriesPalette.Assign([1]));

        Assert.Equal(["many", "other"], protocols.Select(protocol => protocol.Fingerprint));
        Assert.Equal([(1, 50.0), (2, 40.0)], Assert.Single(lines).Points.Select(point => (point.Nfe, point.Value)));
    }

    [Fact]
    public void Protocols_of_gates_come_last_however_many_numbers_they_have()
    {
        List<Evaluation> evaluations = [Made(1, 300, 1, 50, "gate") with { Gate = 100 }, Made(1, 300, 2, 40, "gate") with { Gate = 100 }, Made(1, 300, 1, 1, "full") with { Metric = "kid" }];

        Assert.Equal([("full", false), ("gate", true)], FidLines.Protocols(evaluations).Select(protocol => (protocol.Fingerprint, protocol.IsGate)));
    }

    [Fact]
    public void Run_is_drawn_at_its_last_evaluated_step()
    {
        List<Evaluation> evaluations = [Made(1, 150, 1, 90), Made(1, 300, 1, 50), Made(2, 150, 1, 80)];

        var lines = FidLines.ByRun(evaluations, FidLines.Protocols(evaluations)[0], [new ChartRun(1, "one"), new ChartRun(2, "two")], SeriesPalette.Assign([1, 2]));

        Assert.Equal([("one", 50.0), ("two", 80.0)], lines.Select(line => (line.Label, line.Points[0].Value)));
    }

    [Fact]
    public void Heads_of_a_run_are_lines_of_their_own()
    {
        List<Evaluation> evaluations = [Made(1, 300, 1, 50), Made(1, 300, 1, 45) with { Head = 2 }];

        var lines = FidLines.ByRun(evaluations, FidLines.Protocols(evaluations)[0], [new ChartRun(1, "one")], SeriesPalette.Assign([1]));

        Assert.Equal(["one · euler, head 1", "one · euler, head 2"], lines.Select(line => line.Label));
        Assert.Equal(2, lines.Select(line => line.Style).Distinct().Count());
    }

    [Fact]
    public void Steps_of_a_run_come_latest_first()
    {
        List<Evaluation> evaluations = [Made(1, 150, 2, 90), Made(1, 1500, 2, 50), Made(1, 1500, 1, 70)];

        var lines = FidLines.ByStep(evaluations, FidLines.Protocols(evaluations)[0]);

        Assert.Equal(["step 1,500", "step 150"], lines.Select(line => line.Label));
        Assert.Equal([1, 2], lines[0].Points.Select(point => point.Nfe));
    }

    private static Evaluation Made(long run, int step, int nfe, double value, string fingerprint = "same") => new()
    {
        RunId = run,
        Step = step,
        Solver = "euler",
        Nfe = nfe,
        Head = 1,
        Metric = "fid",
        Extractor = "an-extractor",
        Reference = "some images",
        Samples = 500,
        Quantisation = "8 bit",
        Fingerprint = fingerprint,
        Value = value,
    };
}
