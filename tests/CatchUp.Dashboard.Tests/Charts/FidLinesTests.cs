using CatchUp.Dashboard.Charts;
using CatchUp.Dashboard.Tests.FidNfe;
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

    [Fact]
    public void Best_step_is_chosen_for_each_nfe()
    {
        List<Evaluation> evaluations = [Made(1, 100, 1, 50), Made(1, 200, 1, 40), Made(1, 300, 1, 60), Made(1, 100, 4, 9), Made(1, 300, 4, 8), Made(1, 200, 4, double.NaN)];

        var points = Assert.Single(FidLines.Of(evaluations, FidLines.Protocols(evaluations)[0], [Subject("one", 1)], CheckpointChoice.BestPerNfe)).Points;

        Assert.Equal([(1, 40.0, 200, 3), (4, 8.0, 300, 2)], points.Select(point => (point.Nfe, point.Value, point.Step, point.BestOf)));
        Assert.Contains("best of 3", points[0].Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Largest_is_the_best_of_a_metric_whose_larger_values_are_better()
    {
        List<Evaluation> evaluations = [Made(1, 100, 1, 0.4) with { Metric = "recall" }, Made(1, 200, 1, 0.6) with { Metric = "recall" }, Made(1, 300, 1, 0.5) with { Metric = "recall" }];

        Assert.Equal(200, FidLines.Of(evaluations, FidLines.Protocols(evaluations)[0], [Subject("one", 1)], CheckpointChoice.BestPerNfe)[0].Points[0].Step);
    }

    [Fact]
    public void Group_has_one_best_step_by_its_mean_and_not_the_best_of_each_run()
    {
        // The best of each run would be (10 + 12) / 2 = 11; no step has it.
        List<Evaluation> evaluations = [Made(1, 100, 4, 10), Made(2, 100, 4, 30), Made(1, 200, 4, 20), Made(2, 200, 4, 12)];

        var point = Assert.Single(Assert.Single(FidLines.Of(evaluations, FidLines.Protocols(evaluations)[0], [Subject("both", 1, 2)], CheckpointChoice.BestPerNfe)).Points);

        Assert.Equal((16.0, 200, 2), (point.Value, point.Step, point.BestOf));
        Assert.Equal([(1, 20.0), (2, 12.0)], point.Values.Select(value => ((int)value.Seed!, value.Value)));
    }

    [Fact]
    public void Step_that_fewer_runs_of_a_group_have_a_finite_number_at_is_not_the_best()
    {
        List<Evaluation> evaluations = [Made(1, 100, 4, 10), Made(2, 100, 4, 20), Made(1, 200, 4, 2), Made(2, 200, 4, double.NaN), Made(1, 300, 4, 1)];

        var point = FidLines.Of(evaluations, FidLines.Protocols(evaluations)[0], [Subject("both", 1, 2)], CheckpointChoice.BestPerNfe)[0].Points[0];

        Assert.Equal((15.0, 100, 1), (point.Value, point.Step, point.BestOf));
    }

    [Fact]
    public void Group_has_the_interval_of_its_mean_over_all_runs_and_a_single_run_that_of_its_images()
    {
        List<Evaluation> evaluations = [Made(1, 300, 4, 10), Made(2, 300, 4, 12), Made(3, 300, 4, 14), Made(4, 300, 4, 20) with { Low = 19, High = 21.5 }, Made(5, 300, 4, double.NaN), Made(6, 300, 4, 7) with { Low = 6, High = 8 }];

        var lines = FidLines.Of(evaluations, FidLines.Protocols(evaluations)[0], [Subject("three", 1, 2, 3), Subject("one", 4), Subject("diverged", 5, 6)], CheckpointChoice.Last);

        // 12 ± t(0.975, 2) · 2 / √3.
        var three = lines[0].Points[0];
        Assert.Equal((12.0, FidInterval.Seeds), (three.Value, three.Interval));
        Assert.Equal(4.30265 * 2 / Math.Sqrt(3), (three.High!.Value - three.Low!.Value) / 2, 4);
        Assert.Equal((FidInterval.Images, 19.0, 21.5), (lines[1].Points[0].Interval, lines[1].Points[0].Low, lines[1].Points[0].High));

        // The mean is without the run that diverged, and says so.
        var diverged = lines[2].Points[0];
        Assert.Equal((7.0, 1, FidInterval.Images, 1), (diverged.Value, diverged.NotFinite, diverged.Interval, diverged.Values.Count));
        Assert.Contains("1 not finite", diverged.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_of_a_group_that_are_at_other_steps_say_so()
    {
        List<Evaluation> evaluations = [Made(1, 300, 4, 10), Made(2, 600, 4, 12), Made(2, 300, 4, 14)];

        var point = FidLines.Of(evaluations, FidLines.Protocols(evaluations)[0], [Subject("both", 1, 2, 9)], CheckpointChoice.Last)[0].Points[0];

        Assert.Equal((11.0, 300, 600, 1), (point.Value, point.FirstStep, point.Step, point.Missing));
        Assert.Contains("steps 300 to 600", point.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Step_that_was_measured_on_two_snapshots_counts_once()
    {
        List<Evaluation> evaluations = [Made(1, 300, 4, 10) with { Id = 1 }, Made(1, 300, 4, 12) with { Id = 2 }];

        Assert.Equal(12, Assert.Single(FidLines.Of(evaluations, FidLines.Protocols(evaluations)[0], [Subject("one", 1)], CheckpointChoice.Last)[0].Points).Value);
    }

    [Fact]
    public void Envelope_has_the_best_line_of_each_nfe_by_name()
    {
        List<Evaluation> evaluations = [Made(1, 300, 1, 50), Made(1, 300, 4, 5), Made(2, 300, 1, 30), Made(2, 300, 4, 6), Made(2, 300, 8, double.NaN)];
        var lines = FidLines.Of(evaluations, FidLines.Protocols(evaluations)[0], [Subject("one", 1), Subject("two", 2)], CheckpointChoice.Last);

        Assert.Equal([(1, 30.0, "two"), (4, 5.0, "one")], FidLines.Envelope(lines, larger: false, "all").Points.Select(point => (point.Nfe, point.Value, point.From)));
    }

    [Fact]
    public void Of_many_lines_the_best_keep_their_names_and_all_keep_their_colours()
    {
        List<Evaluation> evaluations = [.. Enumerable.Range(1, 20).Select(run => Made(run, 300, 4, 100 - run))];
        var palette = SeriesPalette.Assign(Enumerable.Range(1, 20).Select(run => (long)run));
        var lines = FidLines.Of(evaluations, FidLines.Protocols(evaluations)[0], [.. Enumerable.Range(1, 20).Select(run => Subject($"run {run}", run) with { Style = palette[run] })], CheckpointChoice.Last);

        var shown = FidLines.Foremost(lines, 8, 4, larger: false);

        Assert.Equal(20, shown.Count);
        Assert.Equal(Enumerable.Range(13, 8).Reverse().Select(run => $"run {run}"), shown.Where(line => !line.Faint).Select(line => line.Label));
        var styles = lines.ToDictionary(line => line.Key, line => line.Style);
        Assert.All(shown, line => Assert.Equal(styles[line.Key], line.Style));
        Assert.Equal(20, styles.Values.Distinct().Count());
        Assert.Same(lines, FidLines.Foremost(lines, 20, 4, larger: false));
    }

    private static FidSubject Subject(string label, params int[] runs) => new(label, label, default, [.. runs.Select(run => ((long)run, run))]);

    private static Evaluation Made(long run, int step, int nfe, double value, string fingerprint = "same") => Measured.Of(run, nfe, value, step) with { Fingerprint = fingerprint };
}
