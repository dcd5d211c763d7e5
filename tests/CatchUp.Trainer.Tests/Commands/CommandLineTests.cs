using CatchUp.Contracts.Journal;

namespace CatchUp.Trainer.Tests.Commands;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Help_lists_the_verbs()
    {
        var result = await TrainerProcess.RunAsync("help");

        Assert.Equal(0, result.ExitCode);
        Assert.All(new[] { "train RUN.json", "preset NAME", "verify DIR", "devices" }, verb => Assert.Contains(verb, result.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Devices_lists_the_processor()
    {
        var result = await TrainerProcess.RunAsync("devices");

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("cpu", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fly")]
    [InlineData("train")]
    [InlineData("train", "missing.json", "--out", "/tmp/never")]
    [InlineData("train", "run.json", "--into", "out")]
    [InlineData("train", "run.json", "--out")]
    [InlineData("preset", "none")]
    [InlineData("verify", "/no/such/folder")]
    [InlineData("verify", ".", "--device", "cuda:99")]
    public async Task Wrong_use_ends_with_status_2_and_a_sentence(params string[] arguments)
    {
        var result = await TrainerProcess.RunAsync(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.NotEqual("", result.Errors.Trim());
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_and_evaluate_use_a_snapshot_of_a_run()
    {
        using var bench = new Workbench();
        var specification = Workbench.Tiny with
        {
            Training = Workbench.Tiny.Training with { Iterations = 3 },
            Evaluation = Workbench.Tiny.Evaluation with { Samples = 20, Nfe = [2] },
            Samples = Workbench.Tiny.Samples with { Images = 4 },
        };
        var run = bench.Write(specification);
        Assert.Equal(0, (await TrainerProcess.RunAsync("train", run, "--out", bench.Path("out"))).ExitCode);
        var snapshot = bench.Path("out/checkpoints/snapshot-00000003.safetensors");

        var sample = await TrainerProcess.RunAsync("sample", run, snapshot, "--out", bench.Path("grid.png"), "--nfe", "2", "--images", "4");
        var heun = await TrainerProcess.RunAsync("sample", run, snapshot, "--out", bench.Path("heun.png"), "--solver", "heun", "--nfe", "3", "--images", "4");
        var even = await TrainerProcess.RunAsync("sample", run, snapshot, "--out", bench.Path("even.png"), "--solver", "heun", "--nfe", "2", "--images", "4");
        var unknown = await TrainerProcess.RunAsync("sample", run, snapshot, "--out", bench.Path("none.png"), "--solver", "leapfrog");
        var evaluate = await TrainerProcess.RunAsync("evaluate", run, snapshot);

        Assert.True(sample.ExitCode == 0, sample.Errors);
        Assert.Equal(await File.ReadAllBytesAsync(bench.Path("out/samples/step-00000003-euler-2.png"), TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(bench.Path("grid.png"), TestContext.Current.CancellationToken));
        Assert.True(heun.ExitCode == 0 && File.Exists(bench.Path("heun.png")), heun.Errors);
        Assert.Equal((2, "--nfe is 2; heun takes odd numbers only."), (even.ExitCode, even.Errors.Trim()));
        Assert.Contains("--solver is 'leapfrog'; it must be euler, heun, dpm-solver-2, dpm-solver-3, deis, rk45.", unknown.Errors, StringComparison.Ordinal);
        Assert.True(evaluate.ExitCode == 0, evaluate.Errors);
        var value = TrainerProcess.Journal(bench.Path("out")).OfType<EvaluationMade>().Single().Value;
        Assert.Contains(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"euler-2  fid (fashion-mnist-cnn-2, 20 samples) {value:0.###} ("), evaluate.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preset_prints_a_specification_that_train_takes()
    {
        using var bench = new Workbench();
        var preset = await TrainerProcess.RunAsync("preset", "fashion-tiny");

        Assert.Equal(0, preset.ExitCode);
        var specification = System.Text.Json.JsonSerializer.Deserialize<CatchUp.Contracts.Specifications.RunSpecification>(preset.Output, CatchUp.Contracts.ContractJson.Options)!;
        Assert.Equal("fashion-tiny", specification.Preset);
        var run = bench.Write(specification with
        {
            Training = specification.Training with { Iterations = 1, BatchSize = 2 },
            Evaluation = specification.Evaluation with { Samples = 0 },
            Samples = specification.Samples with { Images = 0 },
        });
        var result = await TrainerProcess.RunAsync("train", run, "--out", bench.Path("out"));
        Assert.True(result.ExitCode == 0, result.Errors);
    }

    [Fact]
    public async Task Verify_passes_the_golden_cases()
    {
        var golden = Environment.GetEnvironmentVariable("CATCHUP_GOLDEN") ?? Path.Combine(TrainerProcess.RepositoryFolder, "..", "shared", "golden");
        Assert.SkipUnless(Directory.Exists(golden) || Environment.GetEnvironmentVariable("CI") == "true", $"There is no folder of parity cases at {golden}; set CATCHUP_GOLDEN.");

        var result = await TrainerProcess.RunAsync("verify", golden);

        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        Assert.Matches(@"\d+ passed, 0 failed", result.Output);
        Assert.DoesNotContain(": failed", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_fails_a_case_with_a_changed_number()
    {
        using var bench = new Workbench();
        var golden = Environment.GetEnvironmentVariable("CATCHUP_GOLDEN") ?? Path.Combine(TrainerProcess.RepositoryFolder, "..", "shared", "golden");
        var original = Path.Combine(golden, "metrics-64");
        Assert.SkipUnless(Directory.Exists(original) || Environment.GetEnvironmentVariable("CI") == "true", $"There is no {original}; set CATCHUP_GOLDEN.");
        var changed = Directory.CreateDirectory(bench.Path("cases/metrics-64")).FullName;
        File.Copy(Path.Combine(original, "tensors.safetensors"), Path.Combine(changed, "tensors.safetensors"));
        var text = await File.ReadAllTextAsync(Path.Combine(original, "case.json"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(changed, "case.json"), text.Replace("12.6651443821", "12.7651443821", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var result = await TrainerProcess.RunAsync("verify", bench.Path("cases"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("0 passed, 1 failed", result.Output, StringComparison.Ordinal);
    }
}
