using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CatchUp.Benchmarks.Tracking.Servers;

/// <summary>A RabbitMQ broker of one's own: Debian's package, a temporary folder, free loopback ports. Ended by process id.</summary>
internal sealed class RabbitMqServer : IAsyncDisposable
{
    /// <summary>RabbitMQ's own, which it takes on loopback only.</summary>
    public const string User = "guest", Password = "guest";

    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly Process _process;

    private RabbitMqServer(string folder, Process process, int port)
    {
        (_folder, _process) = (folder, process);
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"amqp://127.0.0.1:{port}/"));
    }

    public static bool IsInstalled => File.Exists(Program);

    public Uri Address { get; }

    public int ProcessId => _process.Id;

    public static async Task<RabbitMqServer> StartAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("catchup-rabbitmq-").FullName;
        var (port, distribution) = (FreePort(), FreePort());
        var asRoot = Environment.UserName == "root";
        if (asRoot)
        {
            using var chown = Process.Start("chown", ["rabbitmq:rabbitmq", folder]);
            await chown.WaitForExitAsync(cancellation);
        }

        string[] command = asRoot ? ["setpriv", "--reuid=rabbitmq", "--regid=rabbitmq", "--init-groups", Program] : [Program];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["HOME"] = folder,
            ["RABBITMQ_NODENAME"] = string.Create(CultureInfo.InvariantCulture, $"catchup{port}@localhost"),
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "plugins"),
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            // Without it the port plus 20,000, which may be none.
            ["RABBITMQ_DIST_PORT"] = distribution.ToString(CultureInfo.InvariantCulture),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none",
        })
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        var output = new List<string>();
        process.OutputDataReceived += (_, line) => Note(output, line.Data);
        process.ErrorDataReceived += (_, line) => Note(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new RabbitMqServer(folder, process, port);
        var waited = Stopwatch.StartNew();
        while (!await SpeaksAsync(port, cancellation))
        {
            if (process.HasExited || waited.Elapsed > StartLimit)
            {
                await server.DisposeAsync();
                throw new InvalidOperationException($"RabbitMQ did not start:\n{string.Join('\n', output)}");
            }

            await Task.Delay(200, cancellation);
        }

        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Note(List<string> output, string? line)
    {
        if (line is not null)
        {
            lock (output)
            {
                output.Add(line);
            }
        }
    }

    /// <summary>The port opens before the broker can be used; it answers a wrong greeting once it can.</summary>
    private static async Task<bool> SpeaksAsync(int port, CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
            var stream = client.GetStream();
            await stream.WriteAsync("HTTP/0.0"u8.ToArray(), cancellation);
            return await stream.ReadAsync(new byte[8], cancellation) > 0;
        }
        catch (Exception problem) when (problem is SocketException or IOException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
