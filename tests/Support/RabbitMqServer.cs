using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace CatchUp.Tests.Support;

/// <summary>A RabbitMQ of the test's own: Debian's program, a temporary folder, a free loopback port. It can be killed and started again on the same port and data.</summary>
internal sealed class RabbitMqServer : IAsyncDisposable
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly ServerFolder _folder = new("rabbitmq");
    private readonly int _distributionPort = FreePort.Next();
    private Process? _process;

    private RabbitMqServer()
    {
    }

    public int Port { get; } = FreePort.Next();

    public Uri Address => new($"amqp://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}");

    public string User { get; } = "catchup";

    public string Password { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    /// <summary>What the server said last; for the message of a test that fails.</summary>
    public string Log => Directory.Exists(Path.Combine(_folder.Path, "log"))
        ? string.Join('\n', Directory.EnumerateFiles(Path.Combine(_folder.Path, "log")).SelectMany(file => File.ReadLines(file).TakeLast(20)))
        : "";

    /// <returns>A server that takes connections. The test is skipped where RabbitMQ is not installed.</returns>
    public static async Task<RabbitMqServer> StartNewAsync(CancellationToken cancellation)
    {
        var server = Prepare();
        try
        {
            await server.StartAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <returns>A server that is not started yet, whose port is known.</returns>
    public static RabbitMqServer Prepare()
    {
        Assert.SkipWhen(!File.Exists(Program), "RabbitMQ is not installed: apt-get install rabbitmq-server.");
        return new RabbitMqServer();
    }

    /// <summary>Starts it, again on the same port and data after a kill, and returns when it takes connections.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        File.WriteAllText(
            Path.Combine(_folder.Path, "rabbitmq.conf"),
            string.Create(CultureInfo.InvariantCulture, $"listeners.tcp.1 = 127.0.0.1:{Port}\ndefault_user = {User}\ndefault_pass = {Password}\nlog.file.level = warning\n"));
        File.WriteAllText(Path.Combine(_folder.Path, "enabled_plugins"), "[].\n");
        _folder.Own();

        string[] command = [.. _folder.AsUser, Program];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Path };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["HOME"] = _folder.Path,
            ["RABBITMQ_NODENAME"] = string.Create(CultureInfo.InvariantCulture, $"catchup{Port}@localhost"),
            ["RABBITMQ_DIST_PORT"] = _distributionPort.ToString(CultureInfo.InvariantCulture),
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder.Path, "data"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder.Path, "log"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder.Path, "rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder.Path, "enabled_plugins"),
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(_folder.Path, "none"),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none",
        })
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var clock = Stopwatch.StartNew();
        while (!await AnswersAsync(cancellation))
        {
            Assert.False(_process.HasExited, $"RabbitMQ ended while starting:\n{Log}");
            Assert.True(clock.Elapsed < Patience, $"RabbitMQ did not open its port:\n{Log}");
            await Task.Delay(200, cancellation);
        }
    }

    /// <summary>kill -9 of the whole server.</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        _process?.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    /// <summary>An open port is not yet a broker: it is one when it answers the protocol's greeting with its first method.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, patience.Token);
            var stream = client.GetStream();
            await stream.WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray(), patience.Token);
            var first = new byte[1];
            return await stream.ReadAsync(first, patience.Token) == 1 && first[0] == 1;
        }
        catch (Exception problem) when (problem is SocketException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
