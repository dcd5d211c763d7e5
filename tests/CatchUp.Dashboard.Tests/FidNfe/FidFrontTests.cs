using CatchUp.Dashboard.Charts;
using CatchUp.Dashboard.FidNfe;
using CatchUp.Statistics.Comparisons;
using CatchUp.Tracking.Evaluations;

namespace CatchUp.Dashboard.Tests.FidNfe;

public sealed class FidFrontTests
{
    private static readonly FidSubject Cheap = new("cheap", "cheap", default, [(1, 0)]), Dear = new("dear", "dear", default, [(2, 0)]), Poor = new("poor", "poor", default, [(3, 0)]);

    private static readonly Dictionary<string, double> Hours = new() { ["cheap"] = 1, ["dear"] = 5, ["poor"] = 5 };

    [Fact]
    public void Front_holds_what_nothing_beats_in_all_three()
    {
        List<Evaluation> evaluations = [Measured.Of(1, 1, 50), Measured.Of(1, 8, 10), Measured.Of(2, 1, 20), Measured.Of(2, 8, 12), Measured.Of(3, 1, 60), Measured.Of(3, 8, double.NaN)];
        var lines = FidLines.Of(evaluations, FidLines.Protocols(evaluations)[0], [Cheap, Dear, Poor], CheckpointChoice.Last);

        var points = FidFront.Of(lines, Hours, Better.Lower);

        // Dear at one evaluation is worth its hours, at eight it is not; a value that is not finite is nowhere.
        Assert.Equal([("dear", 1), ("cheap", 1), ("cheap", 8)], points.Where(point => point.OnFront).Select(point => (point.Line.Label, point.Point.Nfe)));
        Assert.Equal(
            [("poor", 1, "dear", 1), ("dear", 8, "cheap", 8)],
            points.Where(point => !point.OnFront).Select(point => (point.Line.Label, point.Point.Nfe, point.DominatedBy!.Line.Label, point.DominatedBy.Point.Nfe)));
    }

    [Fact]
    public void Larger_values_are_better_where_the_metric_says_so()
    {
        List<Evaluation> evaluations = [Measured.Of(1, 1, 0.9) with { Metric = "recall" }, Measured.Of(2, 1, 0.2) with { Metric = "recall" }];
        var lines = FidLines.Of(evaluations, FidLines.Protocols(evaluations)[0], [Cheap, Dear], CheckpointChoice.Last);

        Assert.Equal(["cheap"], FidFront.Of(lines, Hours, Better.Higher).Where(point => point.OnFront).Select(point => point.Line.Label));
    }

    [Fact]
    public void Line_whose_hours_are_not_known_is_left_out()
    {
        List<Evaluation> evaluations = [Measured.Of(1, 1, 10), Measured.Of(2, 1, 5)];
        var lines = FidLines.Of(evaluations, FidLines.Protocols(evaluations)[0], [Cheap, Dear], CheckpointChoice.Last);

        Assert.Equal(["cheap"], FidFront.Of(lines, new Dictionary<string, double> { ["cheap"] = 1 }, Better.Lower).Select(point => point.Line.Label));
    }
}
