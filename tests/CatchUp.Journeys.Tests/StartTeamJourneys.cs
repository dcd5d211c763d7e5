using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CatchUp.Journeys.Tests.Platform;
using CatchUp.Tests.Support;

namespace CatchUp.Journeys.Tests;

/// <summary>deploy/start-team.sh: the parts of the team set-up, started by hand.</summary>
public sealed class StartTeamJourneys
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_starts_all_parts_and_leaves_none_behind()
    {
        Assert.SkipWhen(!Directory.Exists("/usr/lib/postgresql") || !File.Exists("/usr/lib/rabbitmq/bin/rabbitmq-server"), "PostgreSQL and RabbitMQ are not installed: apt-get install postgresql rabbitmq-server.");
        using var folder = new TemporaryFolder();
        var (server, database, broker) = (FreePort.Next(), FreePort.Next(), FreePort.Next());
        using var script = Start(folder.Path, new()
        {
            ["POSTGRES_PASSWORD"] = "p1",
            ["RABBITMQ_PASSWORD"] = "p2",
            ["CATCHUP_ADMIN_PASSWORD"] = "p3",
            ["CATCHUP_PORT"] = Text(server),
            ["POSTGRES_PORT"] = Text(database),
            ["RABBITMQ_PORT"] = Text(broker),
        });
        try
        {
            var said = await script.StandardOutput.ReadLineAsync(Cancellation);
            Assert.True(said?.StartsWith($"The team set-up is at http://127.0.0.1:{Text(server)}", StringComparison.Ordinal) == true, said ?? await script.StandardError.ReadToEndAsync(Cancellation));
            using var client = new HttpClient();
            using var stranger = await client.GetAsync(new Uri($"http://127.0.0.1:{Text(server)}/api/v1/runs"), Cancellation);
            Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        }
        finally
        {
            using var kill = Process.Start("kill", ["-TERM", Text(script.Id)]);
            await kill.WaitForExitAsync(CancellationToken.None);
            await script.WaitForExitAsync(CancellationToken.None);
        }

        Assert.Equal(0, script.ExitCode);
        foreach (var port in new[] { server, database, broker })
        {
            using var probe = new TcpClient();
            await Assert.ThrowsAsync<SocketException>(async () => await probe.ConnectAsync(IPAddress.Loopback, port, Cancellation));
        }
    }

    [Theory]
    [InlineData("POSTGRES_PASSWORD")]
    [InlineData("RABBITMQ_PASSWORD")]
    [InlineData("CATCHUP_ADMIN_PASSWORD")]
    public async Task It_refuses_to_start_without_a_password(string missing)
    {
        using var folder = new TemporaryFolder();
        using var script = Start(folder.Path, new() { ["POSTGRES_PASSWORD"] = "p1", ["RABBITMQ_PASSWORD"] = "p2", ["CATCHUP_ADMIN_PASSWORD"] = "p3", [missing] = "" });

        var errors = await script.StandardError.ReadToEndAsync(Cancellation);
        await script.WaitForExitAsync(Cancellation);

        Assert.Equal(1, script.ExitCode);
        Assert.Contains($"{missing} is empty or not set", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    private static Process Start(string folder, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "deploy", "start-team.sh"), folder]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("CATCHUP_WORKER_TOKEN");
        start.Environment["CONFIGURATION"] = Repository.Configuration;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
