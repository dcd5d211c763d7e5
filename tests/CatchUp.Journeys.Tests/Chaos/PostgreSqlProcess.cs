using System.Diagnostics;
using System.Globalization;
using CatchUp.Journeys.Tests.Platform;
using Npgsql;

namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>A PostgreSQL server that can be killed and started again on the same data.</summary>
internal sealed class PostgreSqlProcess : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("catchup-postgresql-").FullName;
    private readonly string _binaries;
    private readonly string _port = PlatformProcess.FreePort().ToString(CultureInfo.InvariantCulture);
    private Process? _server;

    private PostgreSqlProcess(string binaries) => _binaries = binaries;

    /// <summary>For Npgsql, with a database.</summary>
    public string Connection => $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres";

    public static async Task<PostgreSqlProcess> StartAsync(CancellationToken cancellation)
    {
        const string Root = "/usr/lib/postgresql";
        var binaries = Directory.Exists(Root) ? Directory.GetDirectories(Root).Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Max() : null;
        Assert.SkipWhen(binaries is null, "PostgreSQL is not installed: apt-get install postgresql.");
        var server = new PostgreSqlProcess(binaries!);
        if (Environment.UserName == "root")
        {
            await RunAsync(["chown", "postgres:postgres", server._folder], cancellation);
        }

        await RunAsync([.. AsUser, Path.Combine(binaries!, "initdb"), "-D", server.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], cancellation);
        await server.LaunchAsync(cancellation);
        return server;
    }

    /// <summary>Starts it again and waits until it answers.</summary>
    public async Task LaunchAsync(CancellationToken cancellation)
    {
        for (var tries = 0; ; tries++)
        {
            if (_server is null or { HasExited: true })
            {
                // After a kill the old children hold the shared memory for a moment, and it refuses to start.
                string[] command = [.. AsUser, Path.Combine(_binaries, "postgres"), "-D", Data, "-p", _port, "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={_folder}", "-c", "max_connections=200"];
                _server = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
                _server.ErrorDataReceived += (_, _) => { };
                _server.BeginErrorReadLine();
            }

            try
            {
                await using var probe = new NpgsqlConnection(Connection + ";Pooling=false");
                await probe.OpenAsync(cancellation);
                return;
            }
            catch (NpgsqlException) when (tries < 300)
            {
                await Task.Delay(100, cancellation);
            }
        }
    }

    /// <summary>kill -9 of the server and everything it started.</summary>
    public async Task KillAsync()
    {
        _server!.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false })
        {
            await KillAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static string[] AsUser => Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : [];

    private static async Task RunAsync(string[] command, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = await process.StandardError.ReadToEndAsync(cancellation);
        await output;
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode == 0, $"{command[0]} ended with {process.ExitCode}: {errors}");
    }
}
