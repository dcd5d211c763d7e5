using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Dashboard.Costs;
using CatchUp.Dashboard.Tests.FidNfe;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Tests.Costs;

public sealed class RunCostsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Shared_teacher_counts_once_for_all_and_for_each_alone()
    {
        // 2 and 3 learned from 1, which started from 9, which is deleted.
        var costs = new RunCosts(
            new[] { Run(1, Attempt(1, 0, 2)), Run(2, Attempt(1, 0, 1)), Run(3, Attempt(1, 0, 3)) }.ToDictionary(run => run.Summary.Id),
            new Dictionary<long, IReadOnlyList<long>> { [1] = [9], [2] = [1, 9], [3] = [1, 9] });

        Assert.Equal(4, costs.Of([2, 3], teachers: false).Total / 3600, 9);
        Assert.Equal(6, costs.Of([2, 3], teachers: true).Total / 3600, 9);
        Assert.Equal(6, costs.Of([1, 2, 3], teachers: true).Total / 3600, 9);
        Assert.Equal(4, costs.HoursOfOne([2, 3], teachers: true), 9);
        Assert.Equal(2, costs.HoursOfOne([2, 3], teachers: false), 9);
        Assert.Equal([9L], costs.Unknown([2, 3]));
    }

    [Fact]
    public void Images_per_second_are_those_of_training_alone()
    {
        var run = Run(1, Attempt(1, 0, 1) with { FromStep = 0, LastStep = 100, Seconds = new SlotTime(100, 50, 30, 20, 0) }, Attempt(2, 1, 2) with { FromStep = 50, LastStep = 150, Seconds = new SlotTime(100, 0, 0, 0, 0) });

        // 200 updates, the repeated ones too, of 64 images in 200 seconds.
        Assert.Equal(64, run.ImagesPerSecond!.Value, 9);
        Assert.Null(Run(2).ImagesPerSecond);
        Assert.Null((run with { Specification = run.Specification with { Kind = RunKind.Evaluate } }).ImagesPerSecond);
    }

    [Fact]
    public void Time_to_reach_counts_slots_only_and_stops_at_the_first_good_step()
    {
        var run = Run(1, Attempt(1, 0, 1), Attempt(2, 3, 5));
        List<Evaluation> counted = [At(100, 50, 0.5), At(200, 20, 3.5), At(300, 10, 4), At(400, 30, 4.5)];

        // One hour of the first attempt, and half an hour of the second, which came two hours later.
        Assert.Equal(new TimeToReach(200, 1.5 * 3600), TimeToReach.Of(run, counted, counted, 20, larger: false));
        Assert.Equal(new TimeToReach(100, 0.5 * 3600), TimeToReach.Of(run, counted, counted, 50, larger: false));
        Assert.Null(TimeToReach.Of(run, counted, counted, 9.9, larger: false));
        Assert.Equal(100, TimeToReach.Of(run, counted, counted, 50, larger: true)!.Step);

        // The number was added by an evaluation a week later; another of the same step tells when the run was there.
        Assert.Equal(3600 * 1.5, TimeToReach.Of(run, [At(200, 20, 170)], [At(200, 1, 3.5), At(200, 20, 170)], 20, larger: false)!.Seconds);
    }

    [Fact]
    public void Not_finite_number_reaches_nothing() => Assert.Null(TimeToReach.Of(Run(1, Attempt(1, 0, 1)), [At(100, double.NegativeInfinity, 1)], [At(100, double.NegativeInfinity, 1)], 10, larger: false));

    [Theory]
    [InlineData("GPU-hours", "cuda NVIDIA H200", "cuda NVIDIA A100")]
    [InlineData("Device hours", "cuda NVIDIA H200", "cpu Xeon")]
    [InlineData("Device hours")]
    public void Hours_are_of_gpus_only_where_all_are(string name, params string[] devices) => Assert.Equal(name, SlotHours.Name(devices));

    private static Evaluation At(int step, double value, double hour) => Measured.Of(1, 4, value, step) with { At = Noon.AddHours(hour) };

    private static AttemptSummary Attempt(int number, double from, double to) => new(number, "worker", 0, Noon.AddHours(from), Noon.AddHours(to), AttemptOutcome.Completed, 0, 0, 0, null)
    {
        Device = "cpu",
        Seconds = new SlotTime((to - from) * 3600, 0, 0, 0, 0),
    };

    private static RunDetails Run(long id, params AttemptSummary[] attempts) => new()
    {
        Summary = new RunSummary { Id = id, Name = $"run {id}", Project = "tests" },
        Specification = new RunSpecification { Training = new TrainingSpecification { BatchSize = 64 } },
        Attempts = attempts,
    };
}
