using System.Net.Http.Headers;
using CatchUp.Hosting.Bus;
using CatchUp.Worker.Artifacts;
using CatchUp.Worker.Heartbeats;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CatchUp.Worker.Startup;

/// <summary>The worker as a program of its own: on another machine than the server, it reaches the broker and the server's artifacts, and nothing else.</summary>
internal static partial class WorkerProgram
{
    /// <summary>Ended as asked; could not start; is not wanted by the server, so that a restart is of no use.</summary>
    public const int Ended = 0, Failed = 1, NotWanted = 3;

    private const string Help = """
        Makes runs for CatchUp Platform on this machine. Everything is told by the environment:

          CATCHUP_SERVER            the dashboard's address, for artifacts          (needed)
          CATCHUP_BROKER            RabbitMQ's address, amqp://host:5672/           (needed)
          CATCHUP_BROKER_USER       its user                                        (needed)
          RABBITMQ_PASSWORD         that user's password                            (needed)
          CATCHUP_WORKER_TOKEN      a token made on the dashboard's Workers page    (needed)
          CATCHUP_TRAINER           the trainer's program                           (needed)
          CATCHUP_WORKER_NAME       name for people; the machine's unless told
          CATCHUP_WORKER_LABELS     labels that runs may require, as in big,lab-2
          CATCHUP_DEVICES           cpu, or cards as in cuda:0,cuda:1: a slot each; cpu unless told
          CATCHUP_SLOTS             slots, where the device is cpu; 1 unless told
          CATCHUP_THREADS_PER_SLOT  computing threads of a trainer; the machine's are shared unless told
          CATCHUP_HOME              folder of attempts that are not stored yet
          CATCHUP_DATA              folder of data sets
          CATCHUP_DOWNLOAD          1: runs may fetch public data sets into it
          CATCHUP_EXTRACTORS        folder of feature extractors of your own

        Exit status: 0 ended as asked, 1 could not start, 3 the server does not want it (its token or its version).
        """;

    /// <returns>The exit status.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Func<string, string?> variable)
    {
        if (args.Count > 0)
        {
            var help = args[0] is "--help" or "-h" or "help";
            await (help ? Console.Out : Console.Error).WriteLineAsync(help ? Help : $"Unknown argument '{args[0]}'. A worker is told everything by the environment; --help lists it.");
            return help ? Ended : Failed;
        }

        if (WorkerSettings.Read(variable, out var problems) is not { } settings)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, ["The worker cannot start:", .. problems.Select(problem => "  " + problem), "  --help lists what a worker is told."]));
            return Failed;
        }

        try
        {
            using var home = WorkerHome.Hold(settings.Home);
            return await RunAsync(settings);
        }
        catch (Exception problem) when (problem is IOException or OptionsValidationException or BrokerRefusedException)
        {
            await Console.Error.WriteLineAsync($"The worker cannot start: {problem.Message}");
            return Failed;
        }
    }

    private static async Task<int> RunAsync(WorkerSettings settings)
    {
        using var host = Build(settings);
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("CatchUp.Worker");
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        if (settings.Server.Scheme == "http" && !settings.Server.IsLoopback)
        {
            Log.Unencrypted(logger, settings.Server);
        }

        Log.Starts(logger, settings.Name, settings.Devices.Count, settings.DeviceNames, settings.Broker.Broker!, settings.Server, settings.Home);
        try
        {
            if (await FindRefusalAsync(host.Services.GetRequiredService<RemoteArtifacts>(), logger, lifetime.ApplicationStopping) is { } refusal)
            {
                await Console.Error.WriteLineAsync($"The server refuses CATCHUP_WORKER_TOKEN: {refusal}");
                return NotWanted;
            }

            await BrokerWait.UntilReachableAsync(settings.Broker, logger, lifetime.ApplicationStopping);
            await host.StartAsync();
            await host.WaitForShutdownAsync();
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop before the broker had answered.
        }

        if (host.Services.GetRequiredService<Admission>().Dismissal is { } dismissal)
        {
            await Console.Error.WriteLineAsync(dismissal);
            return NotWanted;
        }

        return host.Services.GetServices<IHostedService>().OfType<WorkerService>().Single().ExecuteTask is { IsFaulted: true } ? Failed : Ended;
    }

    /// <summary>A server that is down is no reason not to start: what is on disk is shipped when it is back.</summary>
    private static async Task<string?> FindRefusalAsync(RemoteArtifacts artifacts, ILogger logger, CancellationToken cancellation)
    {
        try
        {
            return await artifacts.FindRefusalAsync(cancellation);
        }
        catch (IOException problem)
        {
            Log.NoServer(logger, problem.Message);
            return null;
        }
    }

    private static IHost Build(WorkerSettings settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging
            .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "))
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter("CatchUp", LogLevel.Information);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services.AddSingleton(_ => Client(settings));
        builder.Services.AddSingleton<RemoteArtifacts>();
        builder.Services.AddSingleton<IArtifactStore>(services => services.GetRequiredService<RemoteArtifacts>());
        builder.Services.AddBus(settings.Broker, bus => bus.AddWorkerConsumers());
        builder.Services.AddWorker(settings.Apply);
        return builder.Build();
    }

    private static HttpClient Client(WorkerSettings settings)
    {
        // A redirect could carry the token to another host.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10), PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        var root = settings.Server.AbsoluteUri.EndsWith('/') ? settings.Server : new Uri(settings.Server.AbsoluteUri + "/");
        return new HttpClient(handler) { BaseAddress = root, Timeout = Timeout.InfiniteTimeSpan, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", settings.Token) } };
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Worker {Name} with {Slots} slots ({Devices}); broker {Broker}, server {Server}, attempts in {Home}.")]
        public static partial void Starts(ILogger logger, string name, int slots, string devices, Uri broker, Uri server, string home);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Server} is not encrypted: whoever listens on the way reads this worker's token and files. Use https beyond a trusted network.")]
        public static partial void Unencrypted(ILogger logger, Uri server);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem} The worker starts all the same; files wait until the server is back.")]
        public static partial void NoServer(ILogger logger, string problem);
    }
}
