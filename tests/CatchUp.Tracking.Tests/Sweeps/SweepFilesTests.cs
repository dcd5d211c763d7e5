using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Tests.Sweeps;

/// <summary>The sweep files that ship, dry.</summary>
public sealed class SweepFilesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "sweeps");

    /// <summary>Each file with its runs.</summary>
    public static TheoryData<string, int> Files { get; } = new()
    {
        { "demo", 4 },
        { "rk-orders", 18 },
        { "fashion-comparison", 11 },
        { "fashion-orders", 12 },
        { "fashion-delta", 4 },
        { "fashion-shakedrop", 4 },
        { "fashion-coupling", 6 },
        { "mnist-orders", 12 },
        { "mnist-delta", 4 },
        { "mnist-shakedrop", 4 },
        { "mnist-coupling", 6 },
        { "mnist-one-step", 13 },
        { "cifar10-orders", 12 },
        { "cifar10-delta", 4 },
        { "cifar10-shakedrop", 4 },
        { "cifar10-coupling", 6 },
        { "cifar10-one-step", 13 },
    };

    /// <summary>Each file whose runs are proposed while it runs, with its trials.</summary>
    public static TheoryData<string, int> Searches { get; } = new() { { "fashion-random", 64 }, { "fashion-search", 24 } };

    [Fact]
    public void Every_file_is_in_a_table() =>
        Assert.Equal(Directory.GetFiles(Folder).Select(Path.GetFileName).Order(), Files.Concat(Searches).Select(row => $"{row.Data.Item1}.yaml").Order());

    [Theory]
    [MemberData(nameof(Searches))]
    public void Search_is_accepted_with_its_trials(string name, int trials)
    {
        var plan = new SweepPlanner().Check(File.ReadAllText(Path.Combine(Folder, $"{name}.yaml")));

        Assert.Empty(plan.Problems);
        Assert.Equal(trials, plan.Runs);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void File_is_accepted_with_its_number_of_runs_of_distinct_names(string name, int runs)
    {
        var document = File.ReadAllText(Path.Combine(Folder, $"{name}.yaml"));
        var plan = new SweepPlanner().Check(document);

        Assert.Empty(plan.Problems);
        Assert.Equal(runs, plan.Runs);
        var planned = new SweepPlanner().Expand(document).ToList();
        Assert.Equal(runs, planned.Select(run => run.Name).Distinct().Count());
        // A sweep that sweeps over nothing compares nothing.
        Assert.Equal(runs, planned.Select(run => run.Specification with { Preset = "" }).Select(run => System.Text.Json.JsonSerializer.Serialize(run)).Distinct().Count());
        // The file says itself how many it has, where that is not obvious.
        Assert.All(
            System.Text.RegularExpressions.Regex.Matches(document, @": (\d+) runs\.").Select(match => match.Groups[1].Value),
            written => Assert.Equal(runs.ToString(System.Globalization.CultureInfo.InvariantCulture), written));
    }

    [Theory]
    [InlineData("cifar10")]
    [InlineData("mnist")]
    public void Distillation_chain_ends_with_one_step_and_every_student_has_its_teacher_in_the_file(string preset)
    {
        var runs = new SweepPlanner().Expand(File.ReadAllText(Path.Combine(Folder, $"{preset}-one-step.yaml"))).ToDictionary(run => run.Parameters["variant"], run => run.Specification);

        Assert.Equal([16, 8, 4, 2], new[] { "progressive-8", "progressive-4", "progressive-2", "progressive-1" }.Select(name => runs[name].Objective.TimeSteps));
        Assert.Equal("progressive-2", runs["progressive-1"].InitialRun.Run);
        Assert.All(runs.Values.Where(run => run.InitialRun.Run != "none"), run => Assert.Contains(run.InitialRun.Run, runs.Keys));
        Assert.Equal(9, runs.Values.Count(run => run.InitialRun.Run != "none"));
    }

    [Fact]
    public void Additional_training_of_cifar10_ends_at_the_papers_620_000_updates()
    {
        var runs = new SweepPlanner().Expand(File.ReadAllText(Path.Combine(Folder, "cifar10-one-step.yaml"))).ToDictionary(run => run.Parameters["variant"], run => run.Specification.Training);

        Assert.Equal((620_000, 128, 128), (runs["rk12"].Iterations + runs["rk12-final"].Iterations, runs["rk12"].BatchSize, runs["rk12-final"].BatchSize));
        Assert.Equal((2_100_000, 256), (runs["consistency"].Iterations, runs["consistency"].BatchSize));
    }
}
