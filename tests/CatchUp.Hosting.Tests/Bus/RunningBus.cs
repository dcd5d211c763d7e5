using CatchUp.Contracts;
using CatchUp.Hosting.Bus;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
