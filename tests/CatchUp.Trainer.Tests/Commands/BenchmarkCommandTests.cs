using System.Runtime.InteropServices;
using System.Text.Json;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Trainer.Tests.Commands;

public sealed class BenchmarkCommandTests
{
    [Fact]
    public async Task Benchmark_tells_what_a_run_costs_here()
    {
        using var bench = new Workbench();
        var run = bench.Write(Workbench.Tiny with { Evaluation = new EvaluationSpecification { Samples = 6, BatchSize = 4, Every = 10, Nfe = [2], Heads = [1, 2, 3] } });

        var result = await TrainerProcess.RunAsync("benchmark", run, "--rounds", "1");

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Matches(@"\| network \| 0\.\d+ M parameters, 1×28×28 images, batch 8 \|", result.Output);
        Assert.Matches(@"\| device \| cpu, 1 threads \|", result.Output);
        Assert.Matches(@"\| update \| \d+\.\d ms \(one round\) \|", result.Output);
        Assert.Matches(@"\| images by euler-2 \| \d+ a second \(one round\) \|", result.Output);
        Assert.Matches(@"\| images by euler-2-head2 \|", result.Output);
        Assert.DoesNotContain("head3", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"\| memory at its peak \| \d+ MiB \|", result.Output);
        Assert.Matches(@"\| the whole run \| \d+ s for 24 updates, \d+ s for the images of 3 evaluations: \d+ s \|", result.Output);
    }

    [Fact]
    public async Task Served_training_makes_a_round_whenever_it_is_told_and_ends_with_its_input()
    {
        using var bench = new Workbench();
        using var trainer = TrainerProcess.Start("benchmark", bench.Write(Workbench.Tiny), "--serve", "training", "--units", "3");

        await trainer.Input.WriteAsync("go\nsomething else\ngo\n");
        trainer.Input.Close();
        var result = await trainer.ExitAsync();

        Assert.True(result.ExitCode == 0, result.Errors);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(3, lines.Count);
        Assert.Equal(3, lines[0].GetProperty("unitsPerRound").GetInt32());
        Assert.Equal(28, lines[0].GetProperty("facts").GetProperty("size").GetDouble());
        Assert.All(lines[1..], round => Assert.InRange(round.GetProperty("seconds").GetDouble(), 1e-6, 600));
        Assert.NotEqual(lines[1].GetProperty("result").GetDouble(), lines[2].GetProperty("result").GetDouble());
    }

    [Fact]
    public async Task Served_distance_is_that_of_the_two_files()
    {
        using var bench = new Workbench();
        float[] features = [0, 0, 1, 5, 4, 2, 3, 3];
        Write("real.f32", features);
        Write("generated.f32", [.. features.Select((value, index) => value + (index % 2 == 0 ? 3 : 4))]);
        using var trainer = TrainerProcess.Start("benchmark", bench.Folder, "--serve", "distance", "--dimensions", "2");

        await trainer.Input.WriteAsync("go\n");
        trainer.Input.Close();
        var result = await trainer.ExitAsync();

        Assert.True(result.ExitCode == 0, result.Errors);
        var round = JsonDocument.Parse(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1]).RootElement;
        Assert.Equal(25, round.GetProperty("result").GetDouble(), 1e-9); // equal covariances, means 3 and 4 apart

        void Write(string name, float[] values) => File.WriteAllBytes(bench.Path(name), MemoryMarshal.AsBytes(values.AsSpan()));
    }

    [Theory]
    [InlineData("--serve is 'juggling'", "--serve", "juggling")]
    [InlineData("whole number", "--rounds", "0")]
    public async Task Benchmark_refuses_what_it_does_not_know(string reason, params string[] options)
    {
        using var bench = new Workbench();

        var result = await TrainerProcess.RunAsync(["benchmark", bench.Write(Workbench.Tiny), .. options]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(reason, result.Errors, StringComparison.Ordinal);
    }
}
