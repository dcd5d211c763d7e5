using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CatchUp.Tests.Support;

/// <summary>A PostgreSQL of the test's own, as <see cref="RabbitMqServer"/>: it can be killed and started again on the same port and data. It asks for a password, as a team's does.</summary>
internal sealed class PostgreSqlProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly string? Binaries = FindBinaries();

    private readonly ServerFolder _folder = new("postgres");
    private Process? _process;

    private PostgreSqlProcess()
    {
    }

    public int Port { get; } = FreePort.Next();

    public string User { get; } = "catchup";

    public string Password { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Its own folder, which its user can read.</summary>
    public string Folder => _folder.Path;

    /// <summary>Beside the test's own, from the next start on.</summary>
    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    /// <summary>As CATCHUP_DATABASE has it: without the password.</summary>
    public string Connection(string database) => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Database={database};Username={User}");

    /// <returns>A server that takes connections. The test is skipped where PostgreSQL is not installed.</returns>
    public static async Task<PostgreSqlProcess> StartNewAsync(CancellationToken cancellation)
    {
        var server = await PrepareAsync(cancellation);
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
    public static async Task<PostgreSqlProcess> PrepareAsync(CancellationToken cancellation)
    {
        Assert.SkipWhen(Binaries is null, "PostgreSQL is not installed: apt-get install postgresql.");
        var server = new PostgreSqlProcess();
        await server.InitialiseAsync(cancellation);
        return server;
    }

    public async Task StartAsync(CancellationToken cancellation)
    {
        string[] command =
        [
            .. _folder.AsUser, Path.Combine(Binaries!, "postgres"), "-D", Path.Combine(_folder.Path, "data"), "-p", Port.ToString(CultureInfo.InvariantCulture),
            "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={_folder.Path}", "-c", "max_connections=200",
        ];
        // After a kill the server's children leave a moment later, and hold the memory that the next one needs until then.
        for (var clock = Stopwatch.StartNew(); ;)
        {
            var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true };
            foreach (var (name, value) in Environment)
            {
                start.Environment[name] = value;
            }

            _process = Process.Start(start)!;
            _process.OutputDataReceived += (_, _) => { };
            _process.ErrorDataReceived += (_, _) => { };
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
            while (!_process.HasExited)
            {
                if (await AnswersAsync(cancellation))
                {
                    return;
                }

                Assert.True(clock.Elapsed < Patience, "PostgreSQL did not open its port.");
                await Task.Delay(100, cancellation);
            }

            Assert.True(clock.Elapsed < Patience, $"PostgreSQL ended with {_process.ExitCode} while starting.");
            _process.Dispose();
            await Task.Delay(300, cancellation);
        }
    }

    /// <summary>What the server takes the time to be.</summary>
    public async Task<DateTimeOffset> TimeAsync(CancellationToken cancellation)
    {
        string[] command = [Path.Combine(Binaries!, "psql"), "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", User, "-d", "postgres", "-tAc", "SELECT extract(epoch FROM clock_timestamp())::bigint"];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, Environment = { ["PGPASSWORD"] = Password } };
        using var process = Process.Start(start)!;
        var answer = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return DateTimeOffset.FromUnixTimeSeconds(long.Parse(answer.Trim(), CultureInfo.InvariantCulture));
    }

    /// <summary>kill -9 of the server; its children follow by themselves.</summary>
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

    private async Task InitialiseAsync(CancellationToken cancellation)
    {
        var password = Path.Combine(_folder.Path, "password");
        await File.WriteAllTextAsync(password, Password, cancellation);
        _folder.Own();
        string[] command =
        [
            .. _folder.AsUser, Path.Combine(Binaries!, "initdb"), "-D", Path.Combine(_folder.Path, "data"), "-U", User, "-A", "scram-sha-256", $"--pwfile={password}", "-E", "UTF8", "--locale=C", "--no-sync",
        ];
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = await process.StandardError.ReadToEndAsync(cancellation);
        await output;
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode == 0, $"initdb ended with {process.ExitCode}: {errors}");
    }

    /// <summary>It takes connections when it answers an empty one's request for TLS, which it does only once it has started.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellation);
            var stream = client.GetStream();
            // SSLRequest: length 8, code 80877103.
            await stream.WriteAsync(new byte[] { 0, 0, 0, 8, 4, 210, 22, 47 }, cancellation);
            var answer = new byte[1];
            if (await stream.ReadAsync(answer, cancellation) != 1)
            {
                return false;
            }

            // A start-up message for a user that nobody is: it is asked for a password ('R') once the server is up, and refused ('E', 57P03) before.
            byte[] startup = [0, 0, 0, 22, 0, 3, 0, 0, .. "user\0probe\0\0"u8];
            startup[3] = (byte)startup.Length;
            await stream.WriteAsync(startup, cancellation);
            return await stream.ReadAsync(answer, cancellation) == 1 && answer[0] == (byte)'R';
        }
        catch (Exception problem) when (problem is SocketException or IOException)
        {
            return false;
        }
    }

    private static string? FindBinaries()
    {
        const string Root = "/usr/lib/postgresql";
        return Directory.Exists(Root) ? Directory.GetDirectories(Root).Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Max() : null;
    }
}
