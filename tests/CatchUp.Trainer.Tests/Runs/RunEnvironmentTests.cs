using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CatchUp.Contracts.Journal;

namespace CatchUp.Trainer.Tests.Runs;

/// <summary>What a run records of the machine, the libraries and the sources that made it.</summary>
public sealed class RunEnvironmentTests
{
    [Fact]
    public async Task Run_records_what_its_numbers_depend_on_beside_the_specification()
    {
        using var bench = new Workbench();
        var run = bench.Write(Workbench.Tiny with { Training = Workbench.Tiny.Training with { Iterations = 1 } });
        var variables = new Dictionary<string, string> { ["ATEN_CPU_CAPABILITY"] = "avx2", ["CATCHUP_COMMIT"] = "" };

        var result = await TrainerProcess.RunAsync(variables, ["train", run, "--out", bench.Path("out")]);

        Assert.True(result.ExitCode == 0, result.Errors);
        var started = TrainerProcess.Journal(bench.Path("out")).OfType<AttemptStarted>().Single();
        var environment = started.Environment;
        Assert.Equal(("cpu", "1", "synthetic"), (environment["device"], environment["threads"], environment["dataset"]));
        Assert.Equal(64, environment["dataset_sha256"].Length);
        Assert.Equal("avx2", environment["variable/ATEN_CPU_CAPABILITY"]);
        Assert.Equal("1", environment["variable/OMP_NUM_THREADS"]);
        Assert.False(environment.ContainsKey("variable/MKL_CBWR"));
        Assert.Matches(@"^\d+\.\d+", environment["package/TorchSharp"]);
        Assert.Contains(environment.Keys, key => key.StartsWith("package/libtorch", StringComparison.Ordinal));
        Assert.All(["torch", "torchsharp", "dotnet", "os", "cpu", "cpu_count", "cpu_vectors", "trainer"], key => Assert.NotEmpty(environment[key]));

        // In a copy without git there is nothing to record, and no build fails for it.
        if (Directory.Exists(Path.Combine(TrainerProcess.RepositoryFolder, ".git")) || File.Exists(Path.Combine(TrainerProcess.RepositoryFolder, ".git")))
        {
            Assert.Matches("^[0-9a-f]{40}$", environment["commit"]);
            Assert.Equal(environment["source_changed"] == "yes", started.SourcePatch is not null);
            Assert.Equal(environment["source_changed"] == "yes", environment.ContainsKey("patch_sha256"));
        }
    }

    [Fact]
    public async Task Build_records_the_commit_and_what_was_changed_over_it()
    {
        using var bench = new Workbench();
        var repository = bench.Path("repository");
        Copy(Path.Combine(TrainerProcess.RepositoryFolder, "build"), Path.Combine(repository, "build"));
        foreach (var folder in new[] { "src/CatchUp.Trainer", "src/CatchUp.Flow", "src/CatchUp.Contracts", "src/CatchUp.Dashboard", "extractors" })
        {
            Directory.CreateDirectory(Path.Combine(repository, folder));
            await File.WriteAllTextAsync(Path.Combine(repository, folder, "a.txt"), "one\n", TestContext.Current.CancellationToken);
        }

        foreach (var file in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json" })
        {
            await File.WriteAllTextAsync(Path.Combine(repository, file), "\n", TestContext.Current.CancellationToken);
        }

        var (none, _) = await RecordAsync(repository);
        var (told, _) = await RecordAsync(repository, new string('a', 40));
        await GitAsync(repository, "init", "-q");
        await GitAsync(repository, "add", ".");
        await GitAsync(repository, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "first");
        var (clean, empty) = await RecordAsync(repository);
        await File.WriteAllTextAsync(Path.Combine(repository, "src/CatchUp.Dashboard/a.txt"), "a page\n", TestContext.Current.CancellationToken);
        var (elsewhere, _) = await RecordAsync(repository);
        await File.WriteAllTextAsync(Path.Combine(repository, "src/CatchUp.Flow/a.txt"), "two\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(repository, "src/CatchUp.Flow/new.txt"), "three\n", TestContext.Current.CancellationToken);
        var (changed, patch) = await RecordAsync(repository);
        var status = await GitAsync(repository, "status", "--porcelain");

        Assert.Empty(none);
        Assert.Equal(new string('a', 40), told["commit"]!.GetValue<string>());
        Assert.Equal((40, false, ""), (clean["commit"]!.GetValue<string>().Length, clean["changed"]!.GetValue<bool>(), empty));
        Assert.False(elsewhere["changed"]!.GetValue<bool>());
        Assert.Equal((clean["commit"]!.GetValue<string>(), true), (changed["commit"]!.GetValue<string>(), changed["changed"]!.GetValue<bool>()));
        Assert.Contains("-one\n+two\n", patch, StringComparison.Ordinal);
        Assert.Contains("+three\n", patch, StringComparison.Ordinal);
        Assert.DoesNotContain("a page", patch, StringComparison.Ordinal);
        Assert.Equal(changed["patchSha256"]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(patch))));

        // The user's own index is as it was: the new file is not in it.
        Assert.Contains("?? src/CatchUp.Flow/new.txt", status, StringComparison.Ordinal);
    }

    private static async Task<(JsonObject Record, string Patch)> RecordAsync(string repository, string commit = "")
    {
        var folder = Path.Combine(repository, "..", "record");
        await RunAsync("sh", null, Path.Combine(repository, "build", "record-source.sh"), folder, commit);
        return (JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "source.json")))!.AsObject(), await File.ReadAllTextAsync(Path.Combine(folder, "source.patch")));
    }

    private static Task<string> GitAsync(string repository, params string[] arguments) => RunAsync("git", repository, arguments);

    private static async Task<string> RunAsync(string program, string? folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder ?? "", RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        return output;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
