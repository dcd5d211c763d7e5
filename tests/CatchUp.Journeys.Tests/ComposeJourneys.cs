using System.Diagnostics;
using CatchUp.Journeys.Tests.Platform;

namespace CatchUp.Journeys.Tests;

/// <summary>docker-compose.yml, as far as it can be tried without an engine.</summary>
public sealed class ComposeJourneys
{
    private static readonly Dictionary<string, string> Passwords = new() { ["POSTGRES_PASSWORD"] = "p1", ["RABBITMQ_PASSWORD"] = "p2", ["CATCHUP_ADMIN_PASSWORD"] = "p3" };

    [Theory]
    [InlineData]
    [InlineData("--profile", "cpu")]
    [InlineData("--profile", "gpu")]
    public async Task It_is_valid_and_publishes_loopback_ports_only(params string[] options)
    {
        var (status, output) = await ConfigAsync(Passwords, options);

        Assert.True(status == 0, output);
        var ports = output.Split('\n').Where(line => line.Contains(":5672/tcp", StringComparison.Ordinal) || line.Contains(":8080/tcp", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, ports.Count);
        Assert.All(ports, port => Assert.StartsWith("- 127.0.0.1:", port.Trim(), StringComparison.Ordinal));
        Assert.DoesNotContain(":5432/tcp", output, StringComparison.Ordinal);
        // Every service that stays says how it is; a worker says so by its heartbeats.
        Assert.Equal(3, output.Split("healthcheck:").Length - 1);
    }

    [Theory]
    [InlineData("POSTGRES_PASSWORD")]
    [InlineData("RABBITMQ_PASSWORD")]
    [InlineData("CATCHUP_ADMIN_PASSWORD")]
    public async Task It_is_refused_without_a_password(string missing)
    {
        foreach (var passwords in new[] { Passwords.Where(password => password.Key != missing).ToDictionary(), new(Passwords) { [missing] = "" } })
        {
            var (status, output) = await ConfigAsync(passwords);

            Assert.NotEqual(0, status);
            Assert.Contains($": set {missing} to", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_it_builds_is_there_and_does_not_run_as_root()
    {
        var compose = File.ReadAllLines(Path.Combine(Repository.Root, "docker-compose.yml"));
        var files = compose.Where(line => line.TrimStart().StartsWith("dockerfile:", StringComparison.Ordinal)).Select(line => line.Split(':')[1].Trim()).Distinct().ToList();

        Assert.Equal(["deploy/Dockerfile.dashboard", "deploy/Dockerfile.worker"], files);
        Assert.All(files, file => Assert.Contains("USER 10001:10001", File.ReadAllText(Path.Combine(Repository.Root, file)), StringComparison.Ordinal));
    }

    private static async Task<(int Status, string Output)> ConfigAsync(IReadOnlyDictionary<string, string> environment, params string[] options)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var program = new[] { "/usr/bin/docker-compose", "/usr/local/bin/docker-compose" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "docker-compose is not installed: apt-get install docker-compose.");
        // In a folder of its own: a .env file of the developer's would answer for what is missing.
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo(program!, ["--project-directory", folder.Path, "--project-name", "catchup", "--file", Path.Combine(Repository.Root, "docker-compose.yml"), .. options, "config"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("CATCHUP_", StringComparison.Ordinal) || name.EndsWith("_PASSWORD", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = await process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await output + errors);
    }
}
