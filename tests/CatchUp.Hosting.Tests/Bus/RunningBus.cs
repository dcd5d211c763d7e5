using CatchUp.Contracts;
using CatchUp.Hosting.Bus;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CatchUp.Hosting.Tests.Bus;

/// <summary>A host with nothing but the bus and the given consumers.</summary>
internal sealed class RunningBus : IAsyncDisposable
{
    private readonly IHost host;

    private RunningBus(IHost host) => this.host = host;

    public IServiceProvider Services => host.Services;

    public IBus Bus => host.Services.GetRequiredService<IBus>();

    public static async Task<RunningBus> StartAsync(Action<IBusRegistrationConfigurator> register, Action<IServiceCollection>? services = null, BusOptions? options = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddBus(options ?? new BusOptions { Json = ContractJson.Options }, register);
        services?.Invoke(builder.Services);
        // MassTransit keeps the first host's loggers for the whole process, also when that host is gone: these never go.
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new RunningBus(host);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }
}
