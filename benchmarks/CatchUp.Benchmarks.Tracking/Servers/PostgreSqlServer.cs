using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace CatchUp.Benchmarks.Tracking.Servers;

/// <summary>A PostgreSQL server of the benchmark's own. Unlike the tests' it waits for the disk at every commit, and has the memory that docs/performance.md says.</summary>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private static readonly string[] Settings = ["fsync=on", "synchronous_commit=on", "shared_buffers=512MB", "max_wal_size=4GB", "max_connections=200"];

    private readonly string _folder;
    private readonly Process _process;

    private PostgreSqlServer(string folder, Process process, string connection) => (_folder, _process, Connection) = (folder, process, connection);

    /// <summary>A connection string without a database.</summary>
    public string Connection { get; }

    public int ProcessId => _process.Id;

    public static async Task<PostgreSqlServer> StartAsync(string parent, CancellationToken cancellation)
    {
        var binaries = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Max() : null;
        if (binaries is null)
        {
            throw new BenchmarkException("PostgreSQL is not installed: apt-get install postgresql.");
        }

        var folder = Path.Combine(parent, $"catchup-postgresql-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        if (AsUser.Length > 0)
        {
            await RunAsync(["chown", "postgres:postgres", folder], cancellation);
        }

        var data = Path.Combine(folder, "data");
        await RunAsync([.. AsUser, Path.Combine(binaries, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"], cancellation);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        listener.Stop();
        string[] command = [.. AsUser, Path.Combine(binaries, "postgres"), "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={folder}", .. Settings.SelectMany(setting => new[] { "-c", setting })];
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var server = new PostgreSqlServer(folder, process, $"Host=127.0.0.1;Port={port};Username=postgres");
        for (var tries = 0; ; tries++)
        {
            try
            {
                var probe = new NpgsqlConnection($"{server.Connection};Database=postgres;Pooling=false");
                await using (probe)
                {
                    await probe.OpenAsync(cancellation);
                    return server;
                }
            }
            catch (NpgsqlException) when (tries < 300)
            {
                await Task.Delay(100, cancellation);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        // SIGINT: a fast shutdown; the server takes its children with it.
        using (var kill = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static string[] AsUser => Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : [];

    private static async Task RunAsync(string[] command, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = await process.StandardError.ReadToEndAsync(cancellation);
        await output;
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
        {
            throw new BenchmarkException($"{command[0]} ended with {process.ExitCode}: {errors}");
        }
    }
}
