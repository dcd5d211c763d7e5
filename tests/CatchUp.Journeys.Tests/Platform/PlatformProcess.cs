using System.Collections.Concurrent;
using System.Diagnostics;
using CatchUp.Tests.Support;

namespace CatchUp.Journeys.Tests.Platform;

/// <summary>The product as a user runs it: a process of its own with a home and a port.</summary>
internal sealed class PlatformProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    public PlatformProcess(string home, int? port = null)
    {
        Home = home;
        Port = port ?? FreePort.Next();
        Address = new Uri($"http://127.0.0.1:{Port}/");
        Api = new PlatformApi(Address);
    }

    public string Home { get; }

    public int Port { get; }

    public Uri Address { get; }

    public PlatformApi Api { get; }

    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    /// <summary>Whether strangers are told only that it lives, which they are when all it needs has answered.</summary>
    private bool AsksToSignIn => Environment.ContainsKey("CATCHUP_ADMIN_PASSWORD");

    public string Output => string.Join('\n', _output);

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken cancellation, params string[] arguments)
    {
        Launch(arguments);
        using var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        for (var attempt = 0; attempt < 240; attempt++)
        {
            if (_process!.HasExited)
            {
                throw new InvalidOperationException($"The platform exited with status {_process.ExitCode} while starting:\n{Output}");
            }

            try
            {
                using var answer = await client.GetAsync(new Uri(AsksToSignIn ? "/health/live" : "/health/ready", UriKind.Relative), cancellation);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
            {
                // Not listening yet.
            }

            await Task.Delay(250, cancellation);
        }

        throw new TimeoutException($"The platform did not become ready:\n{Output}");
    }

    /// <summary>Starts it and waits until it ends by itself.</summary>
    public async Task<int> RunToEndAsync(CancellationToken cancellation, params string[] arguments)
    {
        Launch(arguments);
        await _process!.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    /// <summary>Starts it and returns at once.</summary>
    public void Launch(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add(Repository.Dashboard);
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add(Address.ToString().TrimEnd('/'));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["CATCHUP_HOME"] = Home;
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Remember(line.Data);
        _process.ErrorDataReceived += (_, line) => Remember(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool HasExited => _process is null || _process.HasExited;

    /// <summary>kill -9 of the server process; its trainers are left to notice.</summary>
    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>kill -9 of the server and of its trainers.</summary>
    public async Task KillAllAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAllAsync();
        }

        _process?.Dispose();
        Api.Dispose();
    }

    private void Remember(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
        }
    }
}
