using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

[assembly: AssemblyFixture(typeof(CatchUp.Tracking.Tests.Support.PostgreSqlServer))]

namespace CatchUp.Tracking.Tests.Support;

/// <summary>A PostgreSQL server of the test run's own: Debian's binaries, a temporary folder, a free loopback port. Started by the first test that asks.</summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static readonly string? Binaries = FindBinaries();
    private static string? _folder;
    private static Process? _server;
    private static string? _connection;

    /// <returns>A connection string without a database; the test is skipped when PostgreSQL is not installed.</returns>
    public static async Task<string> ConnectionAsync()
    {
        Assert.SkipWhen(Binaries is null, "PostgreSQL is not installed: apt-get install postgresql.");
        await Gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _connection ??= await StartAsync();
        }
        finally
        {
            Gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false })
        {
            // SIGINT: a fast shutdown; the server takes its children with it.
            using var kill = Process.Start("kill", ["-INT", _server.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
            await _server.WaitForExitAsync();
        }

        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static async Task<string> StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("catchup-postgresql-").FullName;
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", "postgres:postgres", _folder);
        }

        var data = Path.Combine(_folder, "data");
        await RunAsync([.. AsUser, Path.Combine(Binaries!, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        var port = FreePort().ToString(CultureInfo.InvariantCulture);
        string[] command =
        [
            .. AsUser, Path.Combine(Binaries!, "postgres"), "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={_folder}",
            "-c", "fsync=off", "-c", "max_connections=300",
        ];
        _server = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _server.ErrorDataReceived += (_, _) => { };
        _server.BeginErrorReadLine();
        var connection = $"Host=127.0.0.1;Port={port};Username=postgres;Include Error Detail=true";
        for (var tries = 0; ; tries++)
        {
            try
            {
                await using var probe = new NpgsqlConnection(connection + ";Database=postgres;Pooling=false");
                await probe.OpenAsync(TestContext.Current.CancellationToken);
                return connection;
            }
            catch (NpgsqlException) when (tries < 300)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static string[] AsUser => Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : [];

    private static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{command[0]} ended with {process.ExitCode}: {errors}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? FindBinaries()
    {
        const string Root = "/usr/lib/postgresql";
        return Directory.Exists(Root) ? Directory.GetDirectories(Root).Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Max() : null;
    }
}
