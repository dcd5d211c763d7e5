using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CatchUp.Benchmarks.Tracking.Servers;

/// <summary>The product as it is started: a process of its own, on SQLite as the embedded set-up, on PostgreSQL with a broker as a team's server.</summary>
internal sealed class DashboardProcess : IAsyncDisposable
{
    public const string Password = "a password for benchmarks";

    private const int KilobytesPerPage = 4;

    private readonly ConcurrentQueue<string> _output = new();
    private readonly Process _process;

    private DashboardProcess(Process process, Uri address, bool signIn)
    {
        (_process, Address, AsksToSignIn) = (process, address, signIn);
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public bool AsksToSignIn { get; }

    public double ProcessorSeconds => ProcessorTime.Of(_process.Id);

    /// <summary>Resident.</summary>
    public double Megabytes => long.Parse(File.ReadAllText($"/proc/{_process.Id}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * KilobytesPerPage / 1024.0;

    /// <param name="repository">Whose built product is started, in the configuration that this program was built in.</param>
    /// <param name="home">Its data folder.</param>
    /// <param name="postgres">A connection string; null: SQLite in the home.</param>
    /// <param name="broker">Goes with PostgreSQL.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<DashboardProcess> StartAsync(string repository, string home, string? postgres, RabbitMqServer? broker, CancellationToken cancellation)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var program = Path.Combine(repository, "src", "CatchUp.Dashboard", "bin", configuration, "net10.0", "CatchUp.Dashboard.dll");
        if (!File.Exists(program))
        {
            throw new BenchmarkException($"{program} is not there. Build it: dotnet build -c {configuration} src/CatchUp.Dashboard.");
        }

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"));
        listener.Stop();
        var start = new ProcessStartInfo("dotnet", [program, "--urls", address.GetLeftPart(UriPartial.Authority), "--home", home]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        if (postgres is not null && broker is not null)
        {
            start.Environment["CATCHUP_DATABASE"] = postgres;
            start.Environment["POSTGRES_PASSWORD"] = "any, for it trusts this machine";
            start.Environment["CATCHUP_BROKER"] = broker.Address.GetLeftPart(UriPartial.Authority);
            start.Environment["CATCHUP_BROKER_USER"] = RabbitMqServer.User;
            start.Environment["RABBITMQ_PASSWORD"] = RabbitMqServer.Password;
            start.Environment["CATCHUP_ADMIN_PASSWORD"] = Password;
        }

        var server = new DashboardProcess(Process.Start(start)!, address, postgres is not null);
        using var client = new HttpClient { BaseAddress = address };
        for (var tries = 0; tries < 1200; tries++)
        {
            if (server._process.HasExited)
            {
                throw new BenchmarkException($"The dashboard did not start:\n{string.Join('\n', server._output)}");
            }

            try
            {
                using var answer = await client.GetAsync(new Uri("/health/live", UriKind.Relative), cancellation);
                if (answer.IsSuccessStatusCode)
                {
                    return server;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(100, cancellation);
        }

        throw new BenchmarkException($"The dashboard did not become ready:\n{string.Join('\n', server._output)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
