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
